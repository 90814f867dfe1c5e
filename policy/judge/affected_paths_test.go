package judge_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// TestAffectsWhatGetsNothing: a path that takes all requests of another one changes what is to be said of that one,
// also in its own namespace, below a root that has the path itself, and of a root behind a table.
func TestAffectsWhatGetsNothing(t *testing.T) {
	t.Parallel()
	table := func(name, namespace, prefix string) fact.Fact {
		inherits := "false"
		if prefix == "''" {
			inherits = "true"
		}
		return facts(t, []byte(tableYAML("name: "+name+", namespace: "+namespace+", labels: {group: a}",
			"{matchers: [{prefix: "+prefix+"}], inheritablePathMatchers: "+inherits+", redirectAction: {hostRedirect: x}}")))[0]
	}
	root := func(own string) fact.Fact {
		return facts(t, []byte(rootYAML("name: root, namespace: edge", "domains: ['*'], routes: ["+
			"{matchers: [{prefix: "+own+"}], redirectAction: {hostRedirect: x}}, "+
			"{matchers: [{prefix: /echo}], delegateAction: {selector: {labels: {group: a}, namespaces: ['*']}}}]")))[0]
	}
	store := inventory.NewStore()
	for _, f := range []fact.Fact{
		root("/echo/b"), table("beneath", "a", "/echo/b/c"), table("beside", "a", "/echo/x"), table("inherits", "b", "''"),
	} {
		store.Put(f)
	}
	for name, x := range map[string]struct {
		old, new fact.Fact
		want     []string
	}{
		"of its own namespace": {nil, table("comes", "a", "/echo/b/"), []string{"beneath", "comes"}},
		"and of the root":      {nil, table("comes", "a", "/echo/b"), []string{"beneath", "comes", "root"}},
		"of the root, as it was": {
			table("comes", "a", "/echo/b"), table("comes", "a", "/echo/z"), []string{"beneath", "comes", "root"},
		},
		"below a root with the path": {root("/echo/b"), root("/echo"), []string{"beneath", "beside", "inherits", "root"}},
		"below a root as before":     {root("/echo/b"), root("/echo/b"), []string{"beneath", "root"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), changed(x.old, x.new), store)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, id := range ids {
				got = append(got, id.Name)
			}
			slices.Sort(got)
			if diff := cmp.Diff(x.want, slices.Compact(got)); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
