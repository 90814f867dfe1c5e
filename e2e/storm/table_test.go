package storm_test

import (
	"testing"

	"aviary.dev/e2e/storm"
)

// TestDeniedRemovals judges removals that were denied because of the live table.
func TestDeniedRemovals(t *testing.T) {
	t.Parallel()
	v1, down := version("v1", "primary", 0, 1), version("v1", "primary", 0, 0)
	v2 := version("v2", "canary", 10, 1)
	idle := version("v2", "canary", 10, 0)
	idle.Replicas = 0
	step := table("v1 90, v2 10", "v1 primary, v2 canary 10", "v1")
	lags := table("v1 90, v2 10", "v1 primary, v2 canary 50", "v1")
	none := table("v1 100", "v1 primary, v2 canary 50", "v1")
	const stranded = "stranded-traffic"
	denials(t, map[string]judged{
		"PrimaryGoes":         {arrived(is(v1), is(v2), step), 5, 6, stranded, remove("v1"), false},
		"PrimaryScaled":       {arrived(is(v1), is(v2), step), 5, 6, stranded, scale("v1", 0), false},
		"CanaryGoes":          {arrived(is(v1), is(v2), step), 5, 6, stranded, remove("v2"), true},
		"CanaryGoesTooSoon":   {arrived(is(v1), is(v2), lags), 5, 6, stranded, remove("v2"), false},
		"CanaryWithNothing":   {arrived(is(v1), is(v2), none), 5, 6, stranded, remove("v2"), true},
		"CanaryBesideTheDead": {arrived(is(down), is(v2), step), 5, 6, stranded, remove("v2"), false},
		"NobodyIsThere": {
			arrived(is(down), is(version("v2", "canary", 10, 0)), step), 5, 6, stranded,
			remove("v2"), true,
		},
		"TableLetsGoAtLast": {arrived(is(v1), is(v2), lags, later(5.1, none)), 4, 6, stranded, remove("v2"), true},
		"TableLetsGoAtTheEnd": {
			arrived(is(v1), is(v2), lags, later(5.9, none)), 4, 6, stranded,
			remove("v2"), false,
		},
		"TableIsInStepAtLast": {
			arrived(is(v1), is(v2), lags, later(5.3, step)), 4, 6, stranded, remove("v2"), false,
		},
		"TableIsInStep": {
			arrived(is(v1), is(v2), lags, later(4.8, step)), 4, 6, stranded, remove("v2"), true,
		},
		"TakesLong":           {arrived(is(v1), is(v2), lags, later(5.2, none)), 3, 6, stranded, remove("v2"), false},
		"TakesLongAfterwards": {arrived(is(v1), is(v2), lags, later(2.5, none)), 3, 6, stranded, remove("v2"), true},
		"TableLetGoBefore": {
			arrived(is(v1), is(v2), lags, later(4.2, none), later(4.8, lags)), 4, 6, stranded,
			remove("v2"), false,
		},
		"UnsaidPrimaryGoes": {arrived(is(version("v1", "standby", 0, 1)), is(v2), table("v1 90, v2 10",
			"v1 standby, v2 canary 10", "v1")), 5, 6, stranded, remove("v1"), false},
		"HandedOverAlready": {arrived(is(v1), is(stamped(version("v2", "primary", 0, 1), "2")),
			table("v1 100", "v1 superseded, v2 primary", "v2, v1")), 5, 6, stranded, remove("v1"), true},
		"PrimaryScaledBesideASupersededOne": {arrived(is(stamped(v1, "1")), is(stamped(version("v2", "primary", 0, 0), "2")),
			table("v2 100", "v1 superseded, v2 primary", "v1, v2")), 5, 6, stranded, scale("v2", 0), false},
		"PrimaryGoesBesideASupersededOne": {arrived(is(stamped(v1, "1")), is(stamped(version("v2", "primary", 0, 0), "2")),
			table("v2 100", "v1 superseded, v2 primary", "v1, v2")), 5, 6, stranded, remove("v2"), true},
		"PromotedAtZeroWithoutTable": {
			arrived(is(v1), is(idle), step, tableGone), 5, 6, stranded, primary("v2"), false,
		},
		"PromotedAtZero":       {arrived(is(v1), is(idle), step), 5, 6, stranded, primary("v2"), true},
		"PromotedWithoutTable": {arrived(is(v1), is(v2), step, tableGone), 5, 6, stranded, primary("v2"), true},
		"HeirIsNotThere": {arrived(is(v1), is(stamped(version("v2", "primary", 0, 0), "2")),
			table("v1 100", "v1 superseded, v2 primary", "v2, v1")), 5, 6, stranded, remove("v1"), false},
	})
}

// TestPassing counts a denial while the table let the version go, and took it back.
func TestPassing(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "canary", 10, 1)
	lags := table("v1 90, v2 10", "v1 primary, v2 canary 50", "v1")
	none := table("v1 100", "v1 primary, v2 canary 50", "v1")
	for until, want := range map[float64]int{5.2: 0, 5.45: 1} {
		revisions := arrived(is(v1), is(v2), lags, later(5.1, none), later(until, lags))
		h := judged{revisions, 5, 6, "stranded-traffic RouteTable echo-routes still gives", remove("v2"), false}.history()
		if wrong, n := h.FalseDenials(); len(wrong) > 0 || n.Passing != want {
			t.Errorf("until %v: want %d, got %+v, %q", until, want, n, wrong)
		}
	}
}

// TestUnwitnessed counts a denial while there was no table, which nothing can be said of.
func TestUnwitnessed(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "canary", 10, 1)
	step := table("v1 90, v2 10", "v1 primary, v2 canary 10", "v1")
	for want, revisions := range [][]storm.Revision{
		arrived(is(v1), is(v2), step), arrived(is(v1), is(v2), step, tableGone),
	} {
		h := judged{revisions, 5, 6, "stranded-traffic RouteTable echo-routes still gives", remove("v1"), false}.history()
		if wrong, n := h.FalseDenials(); len(wrong) > 0 || n.Unwitnessed != want || n.Table != 1 {
			t.Errorf("want %d unwitnessed, got %+v, %q", want, n, wrong)
		}
	}
}

// TestDeniedPromotions judges promotions that were denied because of the live table.
func TestDeniedPromotions(t *testing.T) {
	t.Parallel()
	v1, standby := version("v1", "primary", 0, 1), version("v1", "standby", 0, 1)
	half, full := version("v2", "canary", 50, 1), version("v2", "canary", 100, 1)
	gives50 := table("v1 50, v2 50", "v1 primary, v2 canary 50", "v1")
	gives100 := table("v1 0, v2 100", "v1 primary, v2 canary 100", "v1")
	const promotion = "promotion"
	promote := primary("v2")
	denials(t, map[string]judged{
		"Early":        {arrived(is(v1), is(half), gives50), 5, 6, promotion, promote, false},
		"InTime":       {arrived(is(v1), is(full), gives100), 5, 6, promotion, promote, true},
		"TableLags":    {arrived(is(v1), is(full), gives50), 5, 6, promotion, promote, false},
		"WithoutPod":   {arrived(is(v1), is(version("v2", "canary", 100, 0)), gives100), 5, 6, promotion, promote, false},
		"OldOneIsDead": {arrived(is(version("v1", "primary", 0, 0)), is(half), gives50), 5, 6, promotion, promote, true},
		"GoesBack":     {arrived(is(v1), is(half), table("v1 50, v2 50", "", "v2, v1")), 5, 6, promotion, promote, true},
		"NoRecordOfIt": {
			arrived(is(v1), table("v1 100", "", "v3, v1"), tableGone), 5, 6, promotion,
			createV3("primary"), false,
		},
		"GoesBackByStamp": {arrived(is(v1), is(stamped(half, "1")), gives50, tableGone), 5, 6, promotion, promote, true},
		"StampedServes": {
			arrived(is(version("v1", "primary", 0, 0)), is(stamped(version("v2", "canary", 0, 1), "1")),
				table("v1 100", "", "v1"), tableGone), 5, 6, promotion, createV3("primary"), false,
		},
		"StampedServesAndNobodyIsDeclared": {
			arrived(is(stamped(version("v2", "standby", 0, 1), "1")), table("v3 100", "", "v2, v3"), tableGone), 5, 6,
			promotion, createV3("primary"), false,
		},
		"NobodyIsDeclared": {
			arrived(is(version("v2", "standby", 0, 1)), table("v3 100", "", "v2, v4"), tableGone), 5, 6,
			promotion, createV3("primary"), true,
		},
		"StampedServesBesideATable": {
			arrived(is(version("v1", "primary", 0, 0)), is(stamped(version("v2", "canary", 0, 1), "1")),
				table("v1 100", "", "v1")), 5, 6, promotion, createV3("primary"), true,
		},
		"Unsaid":           {arrived(is(standby), is(half), gives50), 5, 6, promotion, promote, false},
		"SaysItAgain":      {arrived(is(standby), is(half), gives50), 5, 6, promotion, primary("v1"), true},
		"Created":          {arrived(is(v1), gives50), 5, 6, promotion, createV3("primary"), false},
		"CreatedAgain":     {arrived(is(v1), table("v1 100", "", "v3, v1")), 5, 6, promotion, createV3("primary"), true},
		"CreatedAsStandby": {arrived(is(v1), gives50), 5, 6, promotion, createV3("standby"), true},
		"TableCameAtLast":  {arrived(is(v1), is(full), gives50, later(5.1, gives100)), 5, 6, promotion, promote, true},
		"TableCameTooLate": {arrived(is(v1), is(full), gives50, later(5.9, gives100)), 5, 6, promotion, promote, false},
	})
}

// TestFalseAdmissions judges requests that were admitted.
func TestFalseAdmissions(t *testing.T) {
	t.Parallel()
	v1, down := version("v1", "primary", 0, 1), version("v1", "primary", 0, 0)
	half, full := version("v2", "canary", 50, 1), version("v2", "canary", 100, 1)
	gives50 := table("v1 50, v2 50", "v1 primary, v2 canary 50", "v1")
	gives100 := table("v1 0, v2 100", "v1 primary, v2 canary 100", "v1")
	none := table("v1 100", "v1 primary, v2 canary 50", "v1")
	promote := primary("v2")
	for name, x := range map[string]judged{
		"Removed":        {arrived(is(v1), is(half), gives50), 5, 6, "", remove("v2"), false},
		"RemovedTooSoon": {arrived(is(v1), is(half), gives100), 5, 6, "", remove("v2"), true},
		"ScaledTooSoon":  {arrived(is(v1), is(half), gives100), 5, 6, "", scale("v2", 0), true},
		"ScaledUp":       {arrived(is(v1), is(half), gives100), 5, 6, "", scale("v2", 1), false},
		"ScaledAlready": {
			arrived(is(v1), is(&storm.Version{Deployment: "echo-v2", Name: "v2", Role: "canary"}), gives100),
			5, 6, "", remove("v2"), true,
		},
		"ScaledAgain": {
			arrived(is(v1), is(&storm.Version{Deployment: "echo-v2", Name: "v2", Role: "canary"}), gives100),
			5, 6, "", scale("v2", 0), false,
		},
		"HasNothing":        {arrived(is(v1), is(full), none), 5, 6, "", remove("v2"), false},
		"LastPod":           {arrived(is(down), is(half), gives50), 5, 6, "", remove("v2"), true},
		"LastVersion":       {arrived(is(half), gives100), 5, 6, "", remove("v2"), false},
		"FollowedMeanwhile": {arrived(is(v1), is(half), gives100, later(5.5, gives50)), 5, 6, "", remove("v2"), false},
		"FollowedAfter":     {arrived(is(v1), is(half), gives100, later(7, gives50)), 5, 6, "", remove("v2"), true},
		"Promoted":          {arrived(is(v1), is(full), gives100), 5, 6, "", promote, false},
		"PromotedTooSoon":   {arrived(is(v1), is(full), gives50), 5, 6, "", promote, true},
		"PromotedBack":      {arrived(is(v1), is(stamped(full, "1")), gives50), 5, 6, "", promote, false},
		"PromotedForLost":   {arrived(is(down), is(full), gives50), 5, 6, "", promote, false},
		"WithoutATable":     {arrived(is(v1), is(full), gives50, tableGone), 5, 6, "", promote, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if wrong, _ := x.history().FalseAdmissions(); (len(wrong) > 0) != x.wrong {
				t.Errorf("got %q, want a false admission: %v", wrong, x.wrong)
			}
		})
	}
}

// TestAway spares a request whose webhook entry fails open while a replica is away.
func TestAway(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "canary", 50, 1)
	lags := table("v1 0, v2 100", "v1 primary, v2 canary 100", "v1")
	h := judged{arrived(is(v1), is(v2), lags), 5, 6, "", scale("v2", 0), true}.history()
	h.Requests[0].FailsOpen = true
	for want, away := range map[int][]storm.Span{0: {{at(5.5), at(9)}}, 1: {{at(7), at(9)}}} {
		h.Away = away
		if wrong, _ := h.FalseAdmissions(); len(wrong) != want {
			t.Errorf("while %v: got %q, want %d", away, wrong, want)
		}
	}
}
