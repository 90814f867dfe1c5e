package storm_test

import (
	"testing"
	"time"

	"aviary.dev/e2e/storm"
)

func TestUnreported(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "standby", 0, 1)
	limit := func(time.Time) time.Duration { return 5 * time.Second }
	absent := arrived(is(v1), is(v2), byHand("v2"), gone(v2)) // From second 3 on.
	for name, x := range map[string]struct {
		revisions []storm.Revision
		reported  []time.Time
		want      int
	}{
		"InTime":       {absent, []time.Time{at(6)}, 0},
		"Late":         {absent, []time.Time{at(9)}, 1},
		"Never":        {absent, nil, 1},
		"Counted":      {absent, []time.Time{at(1)}, 0},
		"TooOld":       {absent, []time.Time{at(-600)}, 1},
		"SoonRepaired": {arrived(append(absent, byHand("v1"))...), nil, 0},
		"NoAbsence":    {absent[:3], nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			route := storm.Route("by-hand", "v2")
			h := storm.History{Revisions: x.revisions, Reported: map[string][]time.Time{route: x.reported}}
			if _, wrong := h.Unreported(at(60), limit); len(wrong) != x.want {
				t.Errorf("got %q, want %d", wrong, x.want)
			}
		})
	}
}
