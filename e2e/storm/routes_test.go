package storm_test

import (
	"strings"
	"testing"

	"aviary.dev/e2e/storm"
)

func TestRoutesToDeleted(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "canary", 10, 1)
	split := table("v1 90, v2 10", "v1 primary, v2 canary 10", "v1")
	h := storm.History{Revisions: arrived(is(v1), is(v2), split)}
	if wrong := append(h.RoutesToDeleted(), h.Behind()...); len(wrong) > 0 {
		t.Error(wrong)
	}
	h.Revisions = arrived(is(v1), is(v2), split, gone(v2))
	if wrong := h.RoutesToDeleted(); len(wrong) != 1 || !strings.Contains(wrong[0], "v2, which is gone") {
		t.Errorf("got %q", wrong)
	}
	h.Revisions = arrived(is(v1), is(v2), split, is(version("v2", "canary", 20, 1)))
	if wrong := h.Behind(); len(wrong) != 1 {
		t.Errorf("got %q", wrong)
	}
}

// TestRises raises shares of versions with and without a Pod.
func TestRises(t *testing.T) {
	t.Parallel()
	up, down := version("v1", "primary", 0, 1), version("v1", "primary", 0, 0)
	half, broken := version("v2", "canary", 50, 1), version("v2", "canary", 50, 0)
	lower := version("v2", "canary", 10, 1)
	split, back, all := table("v1 50, v2 50", "", "v1"), table("v1 100, v2 0", "", "v1"), table("v1 100", "", "v1")
	none := table("v1 0, v2 100", "", "v1")
	for name, x := range map[string]struct {
		revisions []storm.Revision
		wrong     bool
	}{
		"CanaryWithPod":    {arrived(is(up), is(half), all, later(60, split)), false},
		"CanaryWithoutPod": {arrived(is(up), is(broken), all, later(60, split)), true},
		"Anew":             {arrived(is(up), is(broken), all, later(30, tableGone), later(60, split)), false},
		"LostItsPodJustNow": {
			arrived(is(up), is(half), all, later(57, is(broken)), later(60, split)),
			false,
		},
		"BackToTheDead":   {arrived(is(down), is(half), split, later(60, back)), true},
		"BackToTheLiving": {arrived(is(up), is(half), split, later(60, back)), false},
		"BackBecauseItWasSaid": {arrived(is(down), is(half), split, later(58, is(lower)),
			later(60, table("v1 90, v2 10", "", "v1"))), false},
		"MoreThanWasSaid": {arrived(is(down), is(half), split, later(58, is(lower)), later(60, back)), true},
		"OnlyAStandbyServes": {
			arrived(is(down), is(version("v3", "standby", 0, 1)), none, later(60, all)),
			false,
		},
		"NobodyServes":    {arrived(is(down), is(broken), split, later(60, back)), true},
		"TookFromTheDead": {arrived(is(down), is(half), split, later(56, is(broken)), later(60, back)), true},
		"SaysLess": {arrived(is(down), is(broken), split, later(58, is(lower)),
			later(60, table("v1 90, v2 10", "", "v1"))), false},
		"Left":           {arrived(is(down), is(broken), split, later(58, gone(broken)), later(60, all)), false},
		"DiedAfterwards": {arrived(is(up), is(broken), split, later(58, is(down)), later(60, back)), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wrong := storm.History{Revisions: x.revisions}.Rises()
			if (len(wrong) > 0) != x.wrong || x.wrong && !strings.Contains(wrong[0], "has no pod") {
				t.Errorf("got %q, want a fault: %v", wrong, x.wrong)
			}
		})
	}
}

// TestHandOvers has v2 take over from v1.
func TestHandOvers(t *testing.T) {
	t.Parallel()
	v1, down := version("v1", "standby", 0, 1), version("v1", "standby", 0, 0)
	v2, broken := version("v2", "primary", 0, 1), version("v2", "primary", 0, 0)
	first, second := table("v1 100", "", "v2, v1"), table("v2 100", "", "v1, v2")
	for name, x := range map[string]struct {
		revisions []storm.Revision
		wrong     bool
	}{
		"Settled":       {arrived(is(v1), first, is(broken), later(50, is(v2)), later(60.5, second)), false},
		"TooSoon":       {arrived(is(v1), first, is(broken), later(55, is(v2)), later(60, second)), true},
		"Never":         {arrived(is(v1), first, is(broken), later(60, second)), true},
		"ABlip":         {arrived(is(v1), first, is(v2), later(55, is(broken)), later(57, is(v2)), later(60, second)), false},
		"MoreThanABlip": {arrived(is(v1), first, is(v2), later(50, is(broken)), later(57, is(v2)), later(60, second)), true},
		"Died":          {arrived(is(v1), first, is(v2), later(50, is(broken)), later(60, second)), true},
		"IncumbentGone": {arrived(is(v1), first, is(broken), later(59, gone(v1)), later(60, second)), false},
		"IncumbentDied": {arrived(is(v1), first, is(v2), later(59, is(down)), later(60, second)), false},
		"HadAll": {
			arrived(is(v1), table("v1 0, v2 100", "", "v1"), later(55, is(v2)), later(60, second)),
			false,
		},
		"HadHalf": {
			arrived(is(v1), table("v1 50, v2 50", "", "v1"), later(55, is(v2)), later(60, second)),
			true,
		},
		"Anew": {arrived(is(v1), first, is(broken), later(59, tableGone), later(60, second)), false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if wrong, _ := (storm.History{Revisions: x.revisions}).HandOvers(); (len(wrong) > 0) != x.wrong {
				t.Errorf("got %q, want a fault: %v", wrong, x.wrong)
			}
		})
	}
}
