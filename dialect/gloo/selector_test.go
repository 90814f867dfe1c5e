package gloo

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
	"aviary.dev/route"
)

func TestDelegates(t *testing.T) {
	t.Parallel()
	type set = map[string]string
	cases := map[string]struct {
		reason, action string
		to             *route.Ref
		namespace      string
		labels         set
		want           bool
	}{
		"Ref": {"no default namespace", `{ref: {name: a}}`, &route.Ref{Name: "a"}, "", nil, false},
		"Deprecated": {
			"name wins over ref and selector", `{name: a, namespace: b, ref: {name: c}, selector: {}}`,
			&route.Ref{Namespace: "b", Name: "a"}, "", nil, false,
		},
		"DeprecatedSpace": {
			"namespace alone as well", `{namespace: b, selector: {}}`, &route.Ref{Namespace: "b"}, "", nil, false,
		},
		"RefBeforeSelect": {
			"ref wins over the selector", `{ref: {name: c, namespace: d}, selector: {}}`, &route.Ref{Namespace: "d", Name: "c"},
			"", nil, false,
		},
		"Labels": {
			"all equal", `{selector: {labels: {a: "1", b: "2"}, namespaces: ["*"]}}`, nil, "x",
			set{"a": "1", "b": "2", "c": "3"},
			true,
		},
		"LabelDiffers": {
			"exact values", `{selector: {labels: {a: "1"}, namespaces: ["*"]}}`, nil, "x", set{"a": "2"}, false,
		},
		"LabelMissing": {"an orphan", `{selector: {labels: {a: "1"}, namespaces: ["*"]}}`, nil, "x", nil, false},
		"LabelEmptyValue": {
			"a label that is absent is not one that is empty", `{selector: {labels: {a: ""}, namespaces: ["*"]}}`, nil, "x",
			nil, false,
		},
		"OwnNamespace": {
			"no namespaces: that of the selector's object", `{selector: {labels: {a: "1"}}}`, nil, "gloo-system",
			set{"a": "1"},
			true,
		},
		"OtherNamespace": {"and no other", `{selector: {labels: {a: "1"}}}`, nil, "x", set{"a": "1"}, false},
		"Listed":         {"by name", `{selector: {namespaces: [a, b]}}`, nil, "b", nil, true},
		"NotListed":      {"no globbing", `{selector: {namespaces: ["b*"]}}`, nil, "bb", nil, false},
		"EmptyString":    {"is no wildcard", `{selector: {namespaces: [""]}}`, nil, "x", nil, false},
		"Everything":     {"no labels and no expressions", `{selector: {namespaces: ["*"]}}`, nil, "x", nil, true},
		"LabelsAndExprs": {
			"nothing is selected",
			`{selector: {namespaces: ["*"], labels: {a: "1"}, expressions: [{key: a, operator: Exists}]}}`, nil, "x",
			set{"a": "1"},
			false,
		},
		"In": {
			"one of", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: In, values: ["1", "2"]}]}}`, nil, "x",
			set{"a": "2"},
			true,
		},
		"InNumber": {
			"an enum's number", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 3, values: ["1", "2"]}]}}`,
			nil, "x",
			set{"a": "2"},
			true,
		},
		"NotIn": {
			"an absent label is in nothing",
			`{selector: {namespaces: ["*"], expressions: [{key: a, operator: NotIn, values: ["1"]}]}}`, nil, "x", nil, true,
		},
		"NotEquals": {
			"it equals", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 2, values: ["1"]}]}}`, nil, "x",
			set{"a": "1"},
			false,
		},
		"Equals": {
			"the default, 0", `{selector: {namespaces: ["*"], expressions: [{key: a, values: ["1"]}]}}`, nil, "x",
			set{"a": "1"},
			true,
		},
		"EqualsAbsent": {
			"no label, no equality", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: null, values: [""]}]}}`,
			nil, "x", nil, false,
		},
		"DoubleEquals": {
			"the same", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: DoubleEquals, values: ["1"]}]}}`, nil,
			"x",
			set{"a": "1"},
			true,
		},
		"Exists": {
			"whatever the value", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: Exists}]}}`, nil, "x",
			set{"a": ""},
			true,
		},
		"DoesNotExist": {
			"it does", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 6}]}}`, nil, "x", set{"a": ""}, false,
		},
		"GreaterThan": {
			"as numbers", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: GreaterThan, values: ["9"]}]}}`,
			nil, "x",
			set{"a": "10"},
			true,
		},
		"LessThan": {
			"as numbers", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 8, values: ["10"]}]}}`, nil, "x",
			set{"a": "9"},
			true,
		},
		"GreaterText": {
			"no number", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 7, values: ["9"]}]}}`, nil, "x",
			set{"a": "x"},
			false,
		},
		"UnknownOperator": {
			"Gloo can't read it, so nothing is known to be selected",
			`{selector: {namespaces: ["*"], expressions: [{key: a, operator: Contains, values: ["1"]}]}}`, nil, "x",
			set{"a": "1"},
			false,
		},
		"UnknownNumber": {
			"as above", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: 9, values: ["1"]}]}}`, nil, "x",
			set{"a": "1"},
			false,
		},
		"ExpressionsAreAnd": {
			"one fails",
			`{selector: {namespaces: ["*"], expressions: [{key: a, operator: Exists}, {key: b, operator: Exists}]}}`, nil, "x",
			set{"a": "1"},
			false,
		},
		"EqualsTwo": {
			"Kubernetes takes one value", `{selector: {namespaces: ["*"], expressions: [{key: a, values: ["1", "2"]}]}}`,
			nil, "x",
			set{"a": "1"},
			false,
		},
		"NotEqualsTwo": {
			"as above",
			`{selector: {namespaces: ["*"], expressions: [{key: a, operator: NotEquals, values: ["1", "2"]}]}}`, nil, "x", nil,
			false,
		},
		"ExistsWithValue": {
			"as above", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: Exists, values: ["1"]}]}}`, nil, "x",
			set{"a": "1"},
			false,
		},
		"InNothing": {
			"as above", `{selector: {namespaces: ["*"], expressions: [{key: a, operator: NotIn}]}}`, nil, "x", nil, false,
		},
		"Nothing": {"neither ref nor selector", `{}`, nil, "x", nil, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			vs := decode[VirtualService](t, "metadata: {name: public, namespace: gloo-system}\n"+
				"spec: {virtualHost: {routes: [{delegateAction: "+tc.action+"}]}}")
			got := of(readVirtualService(vs))[0]
			if diff := cmp.Diff(tc.to, got.to); diff != "" {
				t.Errorf("%s\nto: -want +got:\n%s", tc.reason, diff)
			}
			table := &fact.Table{Led: true, Labels: tc.labels}
			table.Ref.Namespace = tc.namespace
			if selects := got.to == nil && got.picks(table); selects != tc.want {
				t.Errorf("%s\nselects(%q, %v) = %t, want %t", tc.reason, tc.namespace, tc.labels, selects, tc.want)
			}
		})
	}
}
