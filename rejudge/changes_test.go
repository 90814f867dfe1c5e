package rejudge

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/dialect/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// Take returns all of a namespace once something in it has changed, and nothing of others.
func TestTake(t *testing.T) {
	t.Parallel()
	r := &Rejudger{Store: inventory.NewStore()}
	r.Listen()
	one := policy.Finding{Rule: "weights-sum", Mode: policy.ModeWarn, Message: "m"}
	other := policy.Finding{Rule: "version-deployed", Mode: policy.ModeDeny, Message: "n"}
	must := func(when string, want map[string][]Record) {
		t.Helper()
		got := r.Take()
		for _, records := range got {
			slices.SortFunc(records, func(a, b Record) int { return cmpName(a.ID, b.ID) })
		}
		if diff := cmp.Diff(want, got, cmpopts.EquateApproxTime(time.Minute)); diff != "" {
			t.Errorf("%s (-want +got)\n%s", when, diff)
		}
	}
	in := func(namespace, name string) route.ID {
		return route.ID{GroupKind: gloo.RouteTableKind.GroupKind(), Ref: route.Ref{Namespace: namespace, Name: name}}
	}
	record := func(id route.ID, findings ...policy.Finding) Record { return Record{id, time.Now(), findings} }

	must("nothing was found", map[string][]Record{})
	r.replace(in("a", "x"), "u", []policy.Finding{one})
	r.replace(in("a", "y"), "u", []policy.Finding{one, other})
	r.replace(in("b", "x"), "u", []policy.Finding{other})
	must("three were found", map[string][]Record{
		"a": {record(in("a", "x"), one), record(in("a", "y"), one, other)}, "b": {record(in("b", "x"), other)},
	})
	r.replace(in("a", "x"), "u", []policy.Finding{one})
	must("nothing has changed", map[string][]Record{})
	if before := r.replace(in("a", "x"), "another", []policy.Finding{one}); before != nil {
		t.Errorf("before there was %v of another object", before)
	}
	must("an object was made anew", map[string][]Record{
		"a": {record(in("a", "x"), one), record(in("a", "y"), one, other)},
	})
	if before := r.replace(in("b", "z"), "u", nil); before != nil {
		t.Errorf("before there was %v of what is new", before)
	}
	must("nothing is found of what is new", map[string][]Record{})
	if before := r.replace(in("b", "x"), "u", nil); len(before) != 1 || before[0] != other {
		t.Errorf("before there was %v", before)
	}
	must("the last of b is gone", map[string][]Record{"b": nil})
	r.GiveBack("c")
	must("c is asked for", map[string][]Record{"c": nil})
	r.replace(in("a", "y"), "u", []policy.Finding{one})
	r.Take()
	r.GiveBackAll()
	must("all are asked for", map[string][]Record{"a": {record(in("a", "x"), one), record(in("a", "y"), one)}})
}

func cmpName(a, b route.ID) int {
	if a.Less(b.Ref) {
		return -1
	}
	return 1
}
