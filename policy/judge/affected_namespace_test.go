package judge_test

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// TestAffectsListed: another list of API groups changes what is to be said of the Namespace's tables; other labels of
// the Namespace do not have all of them judged.
func TestAffectsListed(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	store.Put(tableAt(t, "echo", "/echo"))
	store.Put(tableAt(t, "fox", "/fox"))
	of := func(team string, groups ...string) *fact.Namespace {
		return &fact.Namespace{Name: "echo", APIGroups: groups, Labels: map[string]string{"team": team}}
	}
	for name, x := range map[string]struct {
		old, new fact.Fact
		want     []string
	}{
		"comes":       {nil, of("a", "example"), []string{"Namespace", "RouteTable"}},
		"other list":  {of("a", "example"), of("a", "example", "other"), []string{"Namespace", "RouteTable"}},
		"other label": {of("a", "example"), of("b", "example"), []string{"Namespace"}},
		"goes":        {of("a", "example"), nil, []string{"Namespace"}},
	} {
		ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), changed(x.old, x.new), store)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range ids {
			if id.Namespace == "fox" {
				t.Errorf("%s: %s is not in the Namespace", name, id)
			}
			got = append(got, id.Kind)
		}
		slices.Sort(got)
		if diff := cmp.Diff(x.want, slices.Compact(got)); diff != "" {
			t.Errorf("%s: -want +got\n%s", name, diff)
		}
	}
}
