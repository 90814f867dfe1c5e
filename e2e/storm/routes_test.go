package storm_test

import (
	"strings"
	"testing"

	"aviary.dev/e2e/storm"
)

func generated(weights map[string]int, receives ...string) storm.Revision {
	return storm.Revision{Table: &storm.Table{
		Name: "echo-routes", Generated: true, Weighted: weights, Receives: receives,
	}}
}

func TestRoutesToDeleted(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "canary", 10, 1)
	h := storm.History{Revisions: arrived(is(v1), is(v2), generated(map[string]int{"v1": 90, "v2": 10}, "v1", "v2"))}
	if wrong := h.RoutesToDeleted(); len(wrong) > 0 {
		t.Error(wrong)
	}
	h.Revisions = arrived(is(v1), is(v2), generated(map[string]int{"v1": 90, "v2": 10}, "v1", "v2"), gone(v2))
	if wrong := h.RoutesToDeleted(); len(wrong) != 1 || !strings.Contains(wrong[0], "v2, which is gone") {
		t.Errorf("got %q", wrong)
	}
}

func TestMovesToUnavailable(t *testing.T) {
	t.Parallel()
	late := func(r storm.Revision, seconds float64) storm.Revision {
		r.Arrived = at(seconds)
		return r
	}
	for available, want := range []int{1, 0} { // With 0 and with 1 Pod of the primary.
		p := version("v1", "primary", 0, available)
		up, down := version("v2", "canary", 50, 1), version("v2", "canary", 50, 0)
		h := storm.History{Revisions: arrived(is(p), is(up), generated(map[string]int{"v1": 50, "v2": 50}, "v1", "v2"),
			late(is(down), 60), late(generated(map[string]int{"v1": 100, "v2": 0}, "v1"), 61))}
		if wrong := h.MovesToUnavailable(); len(wrong) != want {
			t.Errorf("with %d Pods of the primary: %q", available, wrong)
		}
	}
}
