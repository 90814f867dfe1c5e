package storm_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"aviary.dev/e2e/storm"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

func at(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }

func version(name, role string, weight, available int) *storm.Version {
	return &storm.Version{Deployment: "echo-" + name, Name: name, Role: role, Weight: weight, Replicas: 1, Available: available, Created: name}
}

// told returns the revisions as they arrive, one each second.
func told(list ...storm.Revision) (out []storm.Revision) {
	for i, r := range list {
		if r.Object == "" && r.Version != nil {
			r.Object = "Deployment " + r.Version.Deployment
		} else if r.Object == "" {
			r.Object = "RouteTable " + r.Table.Name
		}
		if r.Order = uint64(i + 1); r.Arrived.IsZero() {
			r.Arrived = at(float64(i))
		}
		out = append(out, r)
	}
	return out
}

func is(v *storm.Version) storm.Revision { return storm.Revision{Version: v} }

func gone(v *storm.Version) storm.Revision {
	return storm.Revision{Object: "Deployment " + v.Deployment}
}

func byHand(receives ...string) storm.Revision {
	return storm.Revision{Table: &storm.Table{Name: "by-hand", Receives: receives}}
}

func TestFalseDenials(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "standby", 0, 1)
	full, half := version("v2", "canary", 100, 1), version("v2", "canary", 10, 1)
	route := func(to string) storm.Change {
		return storm.Change{Table: &storm.Table{Name: "by-hand", Receives: []string{to}}}
	}
	broken := version("v2", "canary", 100, 0)
	stepDown := storm.Change{Deployment: "echo-v1", Edit: func(v *storm.Version) { v.Role = "standby" }}
	sleep := storm.Change{Deployment: "echo-v1", Edit: func(v *storm.Version) { v.Replicas = 0 }}
	revert := storm.Change{Deployment: "echo-v1", Edit: func(v *storm.Version) { v.Role, v.Weight = "canary", 100 }}
	promote := storm.Change{Deployment: "echo-v2", Edit: func(v *storm.Version) { v.Role, v.Promoted = "primary", "now" }}
	for name, x := range map[string]struct {
		revisions  []storm.Revision
		begin, end float64
		rule       string
		change     storm.Change
		wrong      bool
	}{
		"AbsentVersion":         {told(is(v1)), 5, 6, "version-deployed", route("v2"), false},
		"VersionIsThere":        {told(is(v1), is(v2)), 5, 6, "version-deployed", route("v2"), true},
		"VersionCameMeanwhile":  {told(is(v1), is(v2)), 0.5, 2, "version-deployed", route("v2"), false},
		"VersionWentMeanwhile":  {told(is(v1), is(v2), gone(v2)), 1.5, 3, "version-deployed", route("v2"), false},
		"VersionWentLater":      {told(is(v1), is(v2), is(v1), is(v1), gone(v2)), 1.5, 2, "version-deployed", route("v2"), true},
		"WrongSum":              {told(is(v1)), 5, 6, "weights-sum", storm.Change{Table: &storm.Table{}, Sum: 90}, false},
		"RightSum":              {told(is(v1)), 5, 6, "weights-sum", storm.Change{Table: &storm.Table{}, Sum: 100}, true},
		"PrimaryGoes":           {told(is(v1), is(v2)), 5, 6, "stranded-traffic", storm.Change{Deployment: "echo-v1"}, false},
		"StandbyGoes":           {told(is(v1), is(v2)), 5, 6, "stranded-traffic", storm.Change{Deployment: "echo-v2"}, true},
		"RoutedByHandGoes":      {told(is(v1), is(v2), byHand("v2")), 5, 6, "stranded-traffic", storm.Change{Deployment: "echo-v2"}, false},
		"WasRoutedByHand":       {told(is(v1), is(v2), byHand("v2"), byHand("v1")), 5, 6, "stranded-traffic", storm.Change{Deployment: "echo-v2"}, true},
		"SoleCanaryHasAll":      {told(is(v1), is(full)), 5, 6, "stranded-traffic", storm.Change{Deployment: "echo-v1"}, true},
		"StepsDownBesideNobody": {told(is(v1), is(broken)), 5, 6, "stranded-traffic", stepDown, false},
		"StepsDown":             {told(is(v1), is(full)), 5, 6, "stranded-traffic", stepDown, true},
		"ScaledBesideNobody":    {told(is(v1), is(broken)), 5, 6, "stranded-traffic", sleep, false},
		"Scaled":                {told(is(v1), is(full)), 5, 6, "stranded-traffic", sleep, true},
		"Reverted":              {told(is(v1)), 5, 6, "stranded-traffic", revert, true},
		"PromotedEarly":         {told(is(v1), is(half)), 5, 6, "promotion", promote, false},
		"PromotedInTime":        {told(is(v1), is(half), is(full)), 5, 6, "promotion", promote, true},
		"CanaryStaysAlone":      {told(is(full)), 5, 6, "canary-needs-primary", storm.Change{Deployment: "echo-v2", Edit: func(v *storm.Version) { v.Weight = 10 }}, false},
		"CanaryBesideAPrimary":  {told(is(v1), is(full)), 5, 6, "canary-needs-primary", storm.Change{Deployment: "echo-v2", Edit: func(v *storm.Version) { v.Weight = 10 }}, true},
		"RuleThatNobodyExpects": {told(is(v1)), 5, 6, "path-owned", route("v2"), true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := storm.History{Revisions: x.revisions, Denied: []storm.Request{{What: "x", Begin: at(x.begin), End: at(x.end), Rules: []string{x.rule}, Change: x.change}}}
			if wrong, untried := h.FalseDenials(); (len(wrong) > 0) != x.wrong || untried > 0 {
				t.Errorf("got %q, want a false denial: %v", wrong, x.wrong)
			}
		})
	}
}

func TestTooManyOrdersAreCounted(t *testing.T) {
	t.Parallel()
	var list []storm.Revision
	for i := range 15 { // each may have been there or not
		list = append(list, is(version(fmt.Sprintf("v%d", i), "standby", 0, 1)))
	}
	h := storm.History{Revisions: told(list...), Denied: []storm.Request{{Begin: at(-1), End: at(60), Rules: []string{"version-deployed"}, Change: storm.Change{
		Table: &storm.Table{Receives: []string{"v1"}},
	}}}}
	if wrong, untried := h.FalseDenials(); len(wrong) > 0 || untried != 1 {
		t.Errorf("%d untried, %q", untried, wrong)
	}
}

func generated(weights map[string]int, receives ...string) storm.Revision {
	return storm.Revision{Table: &storm.Table{Name: "echo-routes", Generated: true, Weighted: weights, Receives: receives}}
}

func TestStrayRoutes(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "canary", 10, 1)
	h := storm.History{Revisions: told(is(v1), is(v2), generated(map[string]int{"v1": 90, "v2": 10}, "v1", "v2"))}
	if wrong := h.RoutesToDeleted(); len(wrong) > 0 {
		t.Error(wrong)
	}
	h.Revisions = told(is(v1), is(v2), generated(map[string]int{"v1": 90, "v2": 10}, "v1", "v2"), gone(v2))
	if wrong := h.RoutesToDeleted(); len(wrong) != 1 || !strings.Contains(wrong[0], "v2, which is gone") {
		t.Errorf("got %q", wrong)
	}
}

func TestDarkMoves(t *testing.T) {
	t.Parallel()
	late := func(r storm.Revision, seconds float64) storm.Revision {
		r.Arrived = at(seconds)
		return r
	}
	for available, want := range []int{1, 0} { // 0 and 1 pods of the primary
		p, up, down := version("v1", "primary", 0, available), version("v2", "canary", 50, 1), version("v2", "canary", 50, 0)
		h := storm.History{Revisions: told(is(p), is(up), generated(map[string]int{"v1": 50, "v2": 50}, "v1", "v2"),
			late(is(down), 60), late(generated(map[string]int{"v1": 100, "v2": 0}, "v1"), 61))}
		if wrong := h.MovesToUnavailable(); len(wrong) != want {
			t.Errorf("with %d pods of the primary: %q", available, wrong)
		}
	}
}

func TestUntold(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "standby", 0, 1)
	limit := func(time.Time) time.Duration { return 5 * time.Second }
	absent := told(is(v1), is(v2), byHand("v2"), gone(v2)) // from second 3
	for name, x := range map[string]struct {
		revisions []storm.Revision
		told      []time.Time
		want      int
	}{
		"InTime":     {absent, []time.Time{at(6)}, 0},
		"Late":       {absent, []time.Time{at(9)}, 1},
		"Never":      {absent, nil, 1},
		"Folded":     {absent, []time.Time{at(1)}, 0},
		"TooOld":     {absent, []time.Time{at(-600)}, 1},
		"SoonMended": {told(append(absent, byHand("v1"))...), nil, 0},
		"NoAbsence":  {absent[:3], nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := storm.History{Revisions: x.revisions, Reported: map[string][]time.Time{storm.Route("by-hand", "v2"): x.told}}
			if _, wrong := h.Unreported(at(60), limit); len(wrong) != x.want {
				t.Errorf("got %q, want %d", wrong, x.want)
			}
		})
	}
}
