package inventory

import (
	"reflect"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/route"
)

func TestCompactSharesEqualSubsets(t *testing.T) {
	t.Parallel()
	subset := func(version string) map[string]string { return map[string]string{"version": version} }
	table := func() *Table {
		return &Table{Table: route.Table{Routes: []route.Route{
			{Destinations: []route.Destination{{Subset: subset("v1")}, {Subset: subset("v2")}, {}}},
			{Destinations: []route.Destination{{Subset: subset("v1")}, {Subset: subset("v2")}}},
		}}}
	}
	got := table()
	got.compact()
	if diff := cmp.Diff(table().Routes, got.Routes); diff != "" {
		t.Errorf("it must read the same (-before +after)\n%s", diff)
	}
	same := func(a, b map[string]string) bool { return reflect.ValueOf(a).Pointer() == reflect.ValueOf(b).Pointer() }
	first, second := got.Routes[0].Destinations, got.Routes[1].Destinations
	if !same(first[0].Subset, second[0].Subset) || !same(first[1].Subset, second[1].Subset) || same(first[0].Subset, first[1].Subset) {
		t.Error("equal subsets must be one map, others not")
	}
}
