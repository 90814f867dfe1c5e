package dialect_test

import (
	"testing"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

var echo = route.Ref{Namespace: "n", Name: "echo"}

// The first sibling that tells of something counts. What names no kind of sibling is not Aviary's.
func TestBlocked(t *testing.T) {
	t.Parallel()
	const why = " since 2026-11-28T12:00:00Z: why"
	for name, c := range map[string]struct {
		reason, app, service, upstream string
		want                           string
	}{
		"Nothing":  {"no sibling tells of anything", "echo", "", "", ""},
		"Service":  {"the table has the convention's name", "echo", "RouteTable" + why, "", "RouteTable echo-routes"},
		"Upstream": {"where the Service can't be written", "echo", "", "Service" + why, "Service echo"},
		"Both":     {"the first one is newer", "echo", "RouteTable" + why, "Service" + why, "RouteTable echo-routes"},
		"Shadow":   {"a name of its own", "echo", "Upstream echo-shadow-v2" + why, "", "Upstream echo-shadow-v2"},
		"NoKind":   {"Aviary writes no such thing", "echo", "Deployment" + why, "", ""},
		"Garbage":  {"the next one counts", "echo", "garbage", "RouteTable" + why, "RouteTable echo-routes"},
		"Foreign":  {"it is kept for nobody", "", "RouteTable" + why, "", ""},
		"Another":  {"it is kept for another app", "fox", "RouteTable" + why, "", ""},
	} {
		kinds, store := glootest.Kinds(), inventory.NewStore()
		service, upstream := kinds.Tellers(echo)[0], kinds.Tellers(echo)[1]
		store.Put(&fact.Service{Ref: service.Ref, Managed: fact.Managed{App: c.app, Blocked: c.service}})
		store.Put(&fact.Backend{ID: upstream, Managed: fact.Managed{App: c.app, Blocked: c.upstream}})
		got, ok, err := kinds.Blocked(t.Context(), store, echo)
		text := ""
		if ok {
			text = got.Kind + " " + got.Name
		}
		if err != nil || text != c.want {
			t.Errorf("%s: %s: got %q, %v; want %q", name, c.reason, text, err, c.want)
		}
	}
}

// What is written of a sibling leads back to it.
func TestNewBlocked(t *testing.T) {
	t.Parallel()
	kinds := glootest.Kinds()
	upstream := kinds.Tellers(echo)[1]
	shadow := upstream
	shadow.Name = "echo-shadow-v2"
	for id, want := range map[route.ID]string{
		kinds.Table(echo): "RouteTable/", upstream: "Upstream/", kinds.Tellers(echo)[0]: "Service/",
		shadow: "Upstream/echo-shadow-v2",
	} {
		b := kinds.NewBlocked(echo, id)
		if got := b.Kind + "/" + b.Name; got != want {
			t.Errorf("%s: got %s, want %s", id, got, want)
		}
	}
}
