package webhook

import (
	"testing"

	"aviary.dev/dialect/gloo"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

func tableNamed(name string) *fact.Table {
	id := route.ID{GroupKind: gloo.RouteTableKind.GroupKind(), Ref: route.Ref{Namespace: "n", Name: name}}
	return &fact.Table{Table: route.Table{ID: id}}
}

func TestWaitsAreBounded(t *testing.T) {
	t.Parallel()
	tables := NewTables(inventory.NewStore())
	var leave []func()
	for range maxTableWaits {
		_, end, ok := tables.wait(tableNamed("one").ID)
		if !ok {
			t.Fatalf("%d may wait for a table", maxTableWaits)
		}
		leave = append(leave, end)
	}
	if _, _, ok := tables.wait(tableNamed("one").ID); ok {
		t.Error("one more may not")
	}
	_, end, ok := tables.wait(tableNamed("two").ID)
	if !ok {
		t.Fatal("another table has room of its own")
	}
	end()
	leave[0]()
	if _, end, ok = tables.wait(tableNamed("one").ID); !ok {
		t.Fatal("who leaves makes room")
	}
	end()
	for _, end := range leave[1:] {
		end()
	}
	if tables.total != 0 || len(tables.waiting) != 0 {
		t.Errorf("%d wait, and %d tables are remembered, want none", tables.total, len(tables.waiting))
	}
	for i := range maxWaits {
		if _, _, ok := tables.wait(tableNamed(string(rune('a' + i))).ID); !ok {
			t.Fatalf("the %dth of %d may wait", i+1, maxWaits)
		}
	}
	if _, _, ok := tables.wait(tableNamed("last").ID); ok {
		t.Error("one more than a replica lets in")
	}
}

// Only a change of the table itself wakes who waits for it, and a change that comes while nobody looks is not lost.
func TestTablesWake(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	tables := NewTables(store)
	woken, leave, _ := tables.wait(tableNamed("one").ID)
	defer leave()
	store.Put(tableNamed("two"))
	store.Put(&fact.Service{Ref: route.Ref{Namespace: "n", Name: "one"}})
	select {
	case <-woken:
		t.Error("another object has woken it")
	default:
	}
	store.Put(tableNamed("one"))
	store.Remove(tableNamed("one").ID)
	select {
	case <-woken:
	default:
		t.Error("it must be woken")
	}
}
