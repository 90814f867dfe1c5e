package audit

import (
	"slices"
	"testing"

	"aviary.dev/dryrun"
)

// TestLines: a finding has the line of its field, however the object stands in its file.
func TestLines(t *testing.T) {
	t.Parallel()
	j := newJudge(t)
	const action = "routeAction: {single: {upstream: {name: gone, namespace: shop}}}"
	const table = "apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: r, namespace: shop}"
	for what, x := range map[string]struct {
		text string
		line int
	}{
		"in a flow List": {
			text: "apiVersion: v1\nkind: List\nitems: [\n  {" + table + ", spec: {\n    routes: [\n" +
				"      {routeAction: {single: {upstream: {\n        name: gone, namespace: shop}}}}]}}]\n",
			line: 6,
		},
		"in a List in a List with an anchor": {
			text: "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n" +
				"  - {" + table + ",\n      spec: &s {routes: [{\n        " + action + "}]}}\n",
			line: 9,
		},
		"behind an alias": { // its own line is the nearest
			text: "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: c}\n" +
				"  data: &s\n    routes:\n    - " + action + "\n- {" + table + ",\n   spec: *s}\n",
			line: 11,
		},
		"in JSON that begins in the line of another value": {
			text: `{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":"r","namespace":"shop"},"spec":` +
				`{"routes":[{"routeAction":{"single":{"upstream":{"name":"gone","namespace":"shop"}}}}]}}{"apiVersion":"v1",` +
				"\n\"kind\":\"Service\",\n\"metadata\":{\"name\":\"s\",\"namespace\":\"shop\"},\"spec\":\n{}}" +
				`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":"t","namespace":"shop"},` + "\n" +
				`"spec":{"routes":[]}}`,
			line: 1,
		},
		"where YAML knows more ends of lines than we count": { // the object's line
			text: "# \u2028\n# \u2028\n{" + table + ",\nspec: {routes: [{" + action + "}]}}\n",
			line: 1,
		},
	} {
		set := NewSet(kinds, "default")
		if err := set.ReadFiles(t.Context(), dryrun.Source{Names: []string{write(t, "x.yaml", []byte(x.text))}}); err != nil {
			t.Errorf("%s: %v", what, err)
			continue
		}
		r, err := set.Judge(t.Context(), j)
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(r.Findings, func(f Finding) bool { return f.Rule == "upstream-known" })
		if i < 0 || r.Findings[i].Line != x.line {
			t.Errorf("%s: %+v, want line %d", what, r.Findings, x.line)
		}
	}
}
