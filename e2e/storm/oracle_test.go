package storm_test

import (
	"fmt"
	"testing"
	"time"

	"aviary.dev/e2e/storm"
)

var start = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// at returns a time, some seconds after the start.
func at(seconds float64) time.Time { return start.Add(time.Duration(seconds * float64(time.Second))) }

// version returns a Deployment echo-<name> with one replica.
func version(name, role string, weight, available int) *storm.Version {
	return &storm.Version{
		Deployment: "echo-" + name, Name: name, Role: role, Weight: weight,
		Replicas: 1, Available: available, Created: name,
	}
}

// arrived returns the revisions as they arrive, one each second.
func arrived(list ...storm.Revision) (out []storm.Revision) {
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

// is is the creation or change of a Deployment, gone its deletion.
func is(v *storm.Version) storm.Revision { return storm.Revision{Version: v} }

func gone(v *storm.Version) storm.Revision {
	return storm.Revision{Object: "Deployment " + v.Deployment}
}

// byHand is a hand-made table, generated a generated one.
func byHand(receives ...string) storm.Revision {
	return storm.Revision{Table: &storm.Table{Name: "by-hand", Receives: receives}}
}

func TestFalseDenials(t *testing.T) {
	t.Parallel()
	const deployed, sum, stranded, promotion, alone = "version-deployed", "weights-sum", "stranded-traffic",
		"promotion", "canary-needs-primary"
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "standby", 0, 1)
	full, half := version("v2", "canary", 100, 1), version("v2", "canary", 10, 1)
	broken := version("v2", "canary", 100, 0)
	edit := func(deployment string, edit func(*storm.Version)) storm.Change {
		return storm.Change{Deployment: deployment, Edit: edit}
	}
	routeToV2 := storm.Change{Table: &storm.Table{Name: "by-hand", Receives: []string{"v2"}}}
	deleteV1, deleteV2 := storm.Change{Deployment: "echo-v1"}, storm.Change{Deployment: "echo-v2"}
	stepDown := edit("echo-v1", func(v *storm.Version) { v.Role = "standby" })
	sleep := edit("echo-v1", func(v *storm.Version) { v.Replicas = 0 })
	revert := edit("echo-v1", func(v *storm.Version) { v.Role, v.Weight = "canary", 100 })
	promote := edit("echo-v2", func(v *storm.Version) { v.Role, v.Promoted = "primary", "now" })
	weight10 := edit("echo-v2", func(v *storm.Version) { v.Weight = 10 })
	weights := func(sum int) storm.Change { return storm.Change{Table: &storm.Table{}, Sum: sum} }
	for name, x := range map[string]struct {
		revisions  []storm.Revision
		begin, end float64
		rule       string
		change     storm.Change
		wrong      bool
	}{
		"AbsentVersion":         {arrived(is(v1)), 5, 6, deployed, routeToV2, false},
		"VersionIsThere":        {arrived(is(v1), is(v2)), 5, 6, deployed, routeToV2, true},
		"VersionCameMeanwhile":  {arrived(is(v1), is(v2)), 0.5, 2, deployed, routeToV2, false},
		"VersionWentMeanwhile":  {arrived(is(v1), is(v2), gone(v2)), 1.5, 3, deployed, routeToV2, false},
		"VersionWentLater":      {arrived(is(v1), is(v2), is(v1), is(v1), gone(v2)), 1.5, 2, deployed, routeToV2, true},
		"WrongSum":              {arrived(is(v1)), 5, 6, sum, weights(90), false},
		"RightSum":              {arrived(is(v1)), 5, 6, sum, weights(100), true},
		"PrimaryGoes":           {arrived(is(v1), is(v2)), 5, 6, stranded, deleteV1, false},
		"StandbyGoes":           {arrived(is(v1), is(v2)), 5, 6, stranded, deleteV2, true},
		"RoutedByHandGoes":      {arrived(is(v1), is(v2), byHand("v2")), 5, 6, stranded, deleteV2, false},
		"WasRoutedByHand":       {arrived(is(v1), is(v2), byHand("v2"), byHand("v1")), 5, 6, stranded, deleteV2, true},
		"SoleCanaryHasAll":      {arrived(is(v1), is(full)), 5, 6, stranded, deleteV1, true},
		"StepsDownBesideNobody": {arrived(is(v1), is(broken)), 5, 6, stranded, stepDown, false},
		"StepsDown":             {arrived(is(v1), is(full)), 5, 6, stranded, stepDown, true},
		"ScaledBesideNobody":    {arrived(is(v1), is(broken)), 5, 6, stranded, sleep, false},
		"Scaled":                {arrived(is(v1), is(full)), 5, 6, stranded, sleep, true},
		"Reverted":              {arrived(is(v1)), 5, 6, stranded, revert, true},
		"PromotedEarly":         {arrived(is(v1), is(half)), 5, 6, promotion, promote, false},
		"PromotedInTime":        {arrived(is(v1), is(half), is(full)), 5, 6, promotion, promote, true},
		"CanaryStaysAlone":      {arrived(is(full)), 5, 6, alone, weight10, false},
		"CanaryBesideAPrimary":  {arrived(is(v1), is(full)), 5, 6, alone, weight10, true},
		"RuleThatNobodyExpects": {arrived(is(v1)), 5, 6, "path-owned", routeToV2, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := storm.History{Revisions: x.revisions, Denied: []storm.Request{{
				What: "x", Begin: at(x.begin), End: at(x.end), Rules: []string{x.rule}, Change: x.change,
			}}}
			if wrong, unchecked := h.FalseDenials(); (len(wrong) > 0) != x.wrong || unchecked > 0 {
				t.Errorf("got %q, want a false denial: %v", wrong, x.wrong)
			}
		})
	}
}

func TestTooManyOrdersAreCounted(t *testing.T) {
	t.Parallel()
	var list []storm.Revision
	for i := range 15 { // Each may have existed or not.
		list = append(list, is(version(fmt.Sprintf("v%d", i), "standby", 0, 1)))
	}
	h := storm.History{Revisions: arrived(list...), Denied: []storm.Request{{
		Begin: at(-1), End: at(60), Rules: []string{"version-deployed"},
		Change: storm.Change{Table: &storm.Table{Receives: []string{"v1"}}},
	}}}
	if wrong, unchecked := h.FalseDenials(); len(wrong) > 0 || unchecked != 1 {
		t.Errorf("%d unchecked, %q", unchecked, wrong)
	}
}
