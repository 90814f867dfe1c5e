package route_test

import (
	"reflect"
	"testing"

	"aviary.dev/route"
)

// TestMatcherEqual: each field counts.
func TestMatcherEqual(t *testing.T) {
	t.Parallel()
	full := route.Matcher{
		Path: route.Path{Kind: route.Exact, Value: "/a"}, CaseInsensitive: true, CaseStated: true,
		Headers: []route.Header{{Name: "a"}}, Query: []route.Header{{Name: "a"}}, Methods: []string{"GET"},
	}
	for i := range reflect.TypeFor[route.Matcher]().NumField() {
		other := full
		reflect.ValueOf(&other).Elem().Field(i).SetZero()
		if same := full; full.Equal(other) || !full.Equal(same) {
			t.Errorf("field %s does not count", reflect.TypeFor[route.Matcher]().Field(i).Name)
		}
	}
}
