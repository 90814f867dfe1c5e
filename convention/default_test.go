package convention_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// apply makes the patch's object, as the API server would.
func apply(t testing.TB, text string, p convention.Patch) string {
	t.Helper()
	object, err := toJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(p) == 0 {
		return string(object)
	}
	encoded, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	patch, err := jsonpatch.DecodePatch(encoded)
	if err != nil {
		t.Fatal(err)
	}
	out, err := patch.Apply(object)
	if err != nil {
		t.Fatalf("apply %s: %v", encoded, err)
	}
	return string(out)
}

func paths(p convention.Patch) []string {
	var out []string
	for _, op := range p {
		out = append(out, op.Op+" "+op.Path)
	}
	return out
}

func TestDefault(t *testing.T) {
	t.Parallel()
	const containers = `{containers: [{name: main, ports: [{containerPort: 8080}]}]}`
	cases := map[string]struct {
		reason, old, in, want string
	}{
		"Least": {
			"no labels, no selector: all follow from app and name", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {app: echo, version: v1}}, template: {metadata: {labels: {app: echo, version: v1}},
  spec: ` + containers + `}}`,
		},
		"UnknownFields": {
			"what Aviary does not know survives, numbers too", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo, other: x}, generation: 9007199254740993}
spec: {progressDeadlineSeconds: 9007199254740993, future: {a: [1, 2.5, null]},
 template: {metadata: {name: x}, spec: ` + containers + `}}
other: true`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo, other: x}, generation: 9007199254740993,
  labels: {app: echo, version: v1}}
spec: {progressDeadlineSeconds: 9007199254740993, future: {a: [1, 2.5, null]}, selector: {matchLabels: {app: echo,
  version: v1}}, template: {metadata: {name: x, labels: {app: echo, version: v1}}, spec: ` + containers + `}}
other: true`,
		},
		"NullMaps": {
			"null is absent", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: null}
spec: {selector: null, template: {metadata: null, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {app: echo, version: v1}}, template: {metadata: {labels: {app: echo, version: v1}},
  spec: ` + containers + `}}`,
		},
		"EmptyMaps": {
			"an empty map is filled, an empty selector is none", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {}}
spec: {selector: {matchLabels: {}}, template: {metadata: {labels: {}}, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {app: echo, version: v1}}, template: {metadata: {labels: {app: echo, version: v1}},
  spec: ` + containers + `}}`,
		},
		"KeepsValues": {
			"existing values are never overwritten, and the selector follows the pods", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: mine}}
spec: {template: {metadata: {labels: {app: mine}}, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: mine, version: v1}}
spec: {selector: {matchLabels: {app: mine, version: v1}}, template: {metadata: {labels: {app: mine, version: v1}},
  spec: ` + containers + `}}`,
		},
		"KeepsSelector": {
			"a LabelSelector is atomic: no key is added to an existing one", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {selector: {matchLabels: {app: echo}}, template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {app: echo}},
 template: {metadata: {labels: {app: echo, version: v1}}, spec: ` + containers + `}}`,
		},
		"KeepsExpressions": {
			"a selector of expressions is one", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {selector: {matchExpressions: [{key: app, operator: Exists}]}, template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchExpressions: [{key: app, operator: Exists}]}, template: {metadata: {labels: {app: echo,
  version: v1}}, spec: ` + containers + `}}`,
		},
		"OldSelector": {
			"on UPDATE an absent selector comes back: it is immutable",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {selector: {matchLabels: {old: "yes"}}, template: {metadata: {labels: {old: "yes"}}, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {template: {metadata: {labels: {old: "yes"}}, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {old: "yes"}}, template: {metadata: {labels: {old: "yes", app: echo, version: v1}},
  spec: ` + containers + `}}`,
		},
		"MisplacedOnPods": {
			"a warning about the pod template's annotations is no reason to leave labels out", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {template: {metadata: {annotations: {aviary.dev/app: echo}}, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {app: echo, version: v1}}, template: {metadata: {annotations: {aviary.dev/app: echo},
  labels: {app: echo, version: v1}}, spec: ` + containers + `}}`,
		},
		"NotOurs": {
			"no annotation, no patch", "",
			`metadata: {name: echo-v1}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1}
spec: {template: {spec: ` + containers + `}}`,
		},
		"Unreadable": {
			"labels of a version that nobody knows would be wrong", "",
			`metadata: {name: blue, annotations: {aviary.dev/app: echo}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: blue, annotations: {aviary.dev/app: echo}}
spec: {template: {spec: ` + containers + `}}`,
		},
		"UnreadableApp": {
			"nor of an app that can't be one", "",
			`metadata: {name: Echo-v1, annotations: {aviary.dev/app: Echo}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: Echo-v1, annotations: {aviary.dev/app: Echo}}
spec: {template: {spec: ` + containers + `}}`,
		},
		"LeftItsApp": {
			"the stamps of an app that it is no part of go", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/promoted-at: "2026-01-01T11:00:00.000Z",
  aviary.dev/weight-raised-at: "2026-01-01T11:00:00.000Z"}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {}}
spec: {template: {spec: ` + containers + `}}`,
		},
		"OverrideOfNoApp": {
			"an override counts on any workload", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/override: "stranded-traffic: INC-42"}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/override: "stranded-traffic: INC-42",
  aviary.dev/overridden-at: "2026-01-01T12:00:00.000Z"}}
spec: {template: {spec: ` + containers + `}}`,
		},
		"OverrideOfNoAppGone": {
			"nothing of Aviary's is left, so that it is none of its business any more",
			`metadata: {name: echo-v1, annotations: {aviary.dev/override: "stranded-traffic: INC-42",
  aviary.dev/overridden-at: "2026-01-01T11:00:00.000Z"}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/overridden-at: "2026-01-01T11:00:00.000Z"}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {}}
spec: {template: {spec: ` + containers + `}}`,
		},
		"ReplacedWithoutAnnotations": {
			"a kubectl replace leaves no map to put a stamp into",
			`metadata: {name: echo-v1, annotations: {aviary.dev/override: "stranded-traffic: INC-42",
  aviary.dev/overridden-at: "2026-01-01T11:00:00.000Z"}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1}
spec: {template: {spec: ` + containers + `}}`,
		},
		"NoTemplate": {
			"the API server refuses it; a patch that can't be applied would hide why", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {replicas: 1}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {replicas: 1}`,
		},
		"NoSpec": {
			"as above", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var old *convention.Deployment
			if tc.old != "" {
				old = decode(t, tc.old)
			}
			got := apply(t, tc.in, defaulted(old, decode(t, tc.in)))
			want := apply(t, tc.want, nil)
			if diff := diffJSON(t, want, got); diff != "" {
				t.Errorf("%s\nDefault(): -want +got:\n%s", tc.reason, diff)
			}
			if again := defaulted(old, decode(t, got)); len(again) > 0 {
				t.Errorf("Default() of a defaulted object = %v, want nothing", again)
			}
		})
	}
}

func diffJSON(t testing.TB, a, b string) string {
	t.Helper()
	var values [2]any
	for i, text := range []string{a, b} {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber() // a float64 would hide a number that lost digits
		if err := d.Decode(&values[i]); err != nil {
			t.Fatal(err)
		}
	}
	return cmp.Diff(values[0], values[1])
}

// Of an object as the API server stores it nothing changes, in either direction of a promotion.
func TestDefaultOfStored(t *testing.T) {
	t.Parallel()
	text := `
metadata:
  name: echo-v1
  annotations: {aviary.dev/app: echo, aviary.dev/role: primary, aviary.dev/promoted-at: "2026-01-01T11:00:00.000Z"}
  labels: {app: echo, version: v1}
  managedFields: [{manager: kubectl}]
spec:
  selector: {matchLabels: {app: echo, version: v1}}
  template: {metadata: {creationTimestamp: null, labels: {app: echo, version: v1}}, spec: {containers: [{name: main}]}}
`
	if p := defaulted(decode(t, text), decode(t, text)); len(p) > 0 {
		t.Errorf("Default() = %v, want nothing", p)
	}
}

func TestDefaultTable(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		labels map[string]string
		groups []string
		want   []string
	}{
		"NoGroup":  {"may be internal on purpose", nil, nil, nil},
		"NoLabels": {"the first of the list", nil, []string{"a", "b"}, []string{"add /metadata/labels"}},
		"Labels":   {"beside others", map[string]string{"x": "y"}, []string{"a"}, []string{"add /metadata/labels/apiGroup"}},
		"Has":      {"never overwritten", map[string]string{"apiGroup": "z"}, []string{"a"}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := paths(convention.DefaultTable(tc.labels, tc.groups, convention.DefaultLabelKeys()))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nDefaultTable(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
