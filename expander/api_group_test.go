package expander

import (
	"testing"

	"aviary.dev/fact"
)

// TestAPIGroupList: a Namespace's list in another order relabels nothing, whoever leads; without the table's group it
// gives the table the first one.
func TestAPIGroupList(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", stampedEarly)
	for _, x := range []struct {
		groups  []string
		forgets bool // another leader
		want    string
	}{
		{[]string{"a", "b"}, false, "a"},
		{[]string{"b", "a"}, false, "a"},
		{[]string{"b", "a"}, true, "a"},
		{[]string{"b", "c", "a"}, true, "a"},
		{[]string{"b", "c"}, false, "b"},
		{[]string{"c", "b", "a"}, true, "b"},
		{nil, false, "example"},
	} {
		c.Store.Put(&fact.Namespace{Name: echo.Namespace, APIGroups: x.groups})
		if x.forgets {
			c.forget(echo)
		}
		if _, err := c.reconcile(); err != nil {
			t.Fatal(err)
		}
		if got := c.table().GetLabels()[c.Kinds.Keys().APIGroup]; got != x.want {
			t.Errorf("of %v, with another leader %v: the table has %q, want %q", x.groups, x.forgets, got, x.want)
		}
	}
}
