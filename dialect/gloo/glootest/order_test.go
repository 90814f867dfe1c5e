package glootest_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
)

// TestRecordedOrder holds the order in which routes are tried to the one that Gloo made.
func TestRecordedOrder(t *testing.T) {
	t.Parallel()
	worlds, routes, differ := 0, 0, 0
	glootest.EachWorld(t, func(w glootest.World) {
		store := inventory.NewStore()
		for _, f := range w.Facts(t) {
			store.Put(f)
		}
		parents, err := gloo.Dialect{}.Parents(t.Context(), store)
		if err != nil {
			t.Fatal(err)
		}
		worlds++
		for _, f := range store.All() {
			root, ok := f.(*fact.Table)
			if !ok || root.Kind != gloo.VirtualServiceKind.Kind {
				continue
			}
			want, ok := recordedOrder(t, w, root)
			if !ok {
				continue
			}
			got, err := glootest.Order(t.Context(), parents, store.All(), root)
			if err != nil {
				t.Fatal(err)
			}
			routes += len(got)
			if diff := cmp.Diff(want, got); diff != "" {
				if differ++; differ <= 5 {
					t.Errorf("%s, %s: -Gloo +dialect:\n%s", w.ID, root.ID, diff)
				}
			}
		}
	})
	t.Logf("%d routes of %d worlds, %d VirtualServices differ", routes, worlds, differ)
	if differ > 0 {
		t.Errorf("%d VirtualServices differ", differ)
	}
}

// recordedOrder is Gloo's order of the routes of a VirtualService, each once; false where it is not known.
func recordedOrder(t *testing.T, w glootest.World, root *fact.Table) (out []string, known bool) {
	t.Helper()
	list := w.Gloo.Order[domains(t, w, root)]
	for _, r := range list {
		name := fmt.Sprintf("%s%s %d %d", r.Table, r.VirtualService, r.Route, r.Matcher)
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out, list != nil
}

// domains are those of a VirtualService, as the record of the order names them.
func domains(t *testing.T, w glootest.World, root *fact.Table) string {
	t.Helper()
	for _, raw := range w.Objects {
		var o struct {
			Kind     string
			Metadata struct{ Namespace, Name string }
			Spec     struct{ VirtualHost struct{ Domains []string } }
		}
		if err := json.Unmarshal(raw, &o); err != nil {
			t.Fatal(err)
		}
		if o.Kind == root.Kind && o.Metadata.Namespace == root.Namespace && o.Metadata.Name == root.Name {
			return strings.Join(o.Spec.VirtualHost.Domains, ",")
		}
	}
	return ""
}
