package storm_test

import (
	"fmt"
	"strings"
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

// stamped returns a version that was promoted at a time.
func stamped(v *storm.Version, promoted string) *storm.Version {
	out := *v
	out.Promoted = promoted
	return &out
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

// later returns the revision as it arrives at a time.
func later(seconds float64, r storm.Revision) storm.Revision {
	r.Arrived = at(seconds)
	return r
}

// is is the creation or change of a Deployment, gone its deletion.
func is(v *storm.Version) storm.Revision { return storm.Revision{Version: v} }

func gone(v *storm.Version) storm.Revision {
	return storm.Revision{Object: "Deployment " + v.Deployment}
}

// byHand is a hand-made table.
func byHand(receives ...string) storm.Revision {
	return storm.Revision{Table: &storm.Table{Name: "by-hand", Receives: receives}}
}

// table is a generated table: "v1 90, v2 10", "v1 primary, v2 canary 10" and "v1, v2". Whom it
// names gets requests, as a canary does by its header.
func table(shares, follows, wasPrimary string) storm.Revision {
	t := &storm.Table{Name: "echo-routes", Generated: true, Shares: map[string]int{}, Follows: follows}
	for share := range strings.SplitSeq(shares, ", ") {
		var name string
		var weight int
		_, _ = fmt.Sscan(share, &name, &weight)
		t.Shares[name], t.Receives = weight, append(t.Receives, name)
	}
	t.WasPrimary = strings.Split(wasPrimary, ", ")
	return storm.Revision{Table: t}
}

var tableGone = storm.Revision{Object: "RouteTable echo-routes"}

// The changes that requests ask for.
func remove(name string) storm.Change { return storm.Change{Deployment: "echo-" + name} }

func primary(name string) storm.Change {
	return storm.Change{Deployment: "echo-" + name, Edit: &storm.Edit{Role: "primary"}}
}

func weightOfV2(weight int) storm.Change {
	return storm.Change{Deployment: "echo-v2", Edit: &storm.Edit{Weight: &weight}}
}

func scale(name string, replicas int) storm.Change {
	return storm.Change{Deployment: "echo-" + name, Edit: &storm.Edit{Replicas: &replicas}}
}

func createV3(role string) storm.Change {
	return storm.Change{Deployment: "echo-v3", After: version("v3", role, 0, 0)}
}

// judged is a history with one request, and what is expected of it.
type judged struct {
	revisions  []storm.Revision
	begin, end float64
	rule       string // Of a denial; an admitted request has none.
	change     storm.Change
	wrong      bool
}

// history returns the history.
func (x judged) history() storm.History {
	r := storm.Request{What: "x", Begin: at(x.begin), End: at(x.end), Admitted: x.rule == "", Change: x.change}
	if rule, text, _ := strings.Cut(x.rule, " "); rule != "" {
		r.Denied = []storm.Finding{{Rule: rule, Text: text}}
	}
	return storm.History{Revisions: x.revisions, Requests: []storm.Request{r}}
}

// denials runs a table of denied requests.
func denials(t *testing.T, cases map[string]judged) {
	t.Helper()
	for name, x := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if wrong, n := x.history().FalseDenials(); (len(wrong) > 0) != x.wrong || n.TooMany > 0 {
				t.Errorf("got %q, want a false denial: %v", wrong, x.wrong)
			}
		})
	}
}

func TestFalseDenials(t *testing.T) {
	t.Parallel()
	const deployed, sum, stranded, alone = "version-deployed", "weights-sum",
		"stranded-traffic RouteTable by-hand sends traffic to v2", "canary-needs-primary"
	v1, v2 := version("v1", "primary", 0, 1), version("v2", "standby", 0, 1)
	full := version("v2", "canary", 100, 1)
	routeToV2 := storm.Change{Table: &storm.Table{Name: "by-hand", Receives: []string{"v2"}}}
	weights := func(sum int) storm.Change { return storm.Change{Table: &storm.Table{}, Sum: sum} }
	all := table("v1 100", "v1 primary", "v1")
	denials(t, map[string]judged{
		"AbsentVersion":         {arrived(is(v1)), 5, 6, deployed, routeToV2, false},
		"VersionIsThere":        {arrived(is(v1), is(v2)), 5, 6, deployed, routeToV2, true},
		"VersionCameMeanwhile":  {arrived(is(v1), is(v2)), 0.5, 2, deployed, routeToV2, false},
		"VersionWentMeanwhile":  {arrived(is(v1), is(v2), gone(v2)), 1.5, 3, deployed, routeToV2, false},
		"VersionWentLater":      {arrived(is(v1), is(v2), is(v1), is(v1), gone(v2)), 1.5, 2, deployed, routeToV2, true},
		"WrongSum":              {arrived(is(v1)), 5, 6, sum, weights(90), false},
		"RightSum":              {arrived(is(v1)), 5, 6, sum, weights(100), true},
		"RoutedByHandGoes":      {arrived(is(v1), is(v2), byHand("v2")), 5, 6, stranded, remove("v2"), false},
		"LastOfAllGoes":         {arrived(is(v1), byHand("v2")), 5, 6, stranded, remove("v1"), false},
		"AnotherStays":          {arrived(is(v1), is(v2), byHand("v3")), 5, 6, stranded, remove("v1"), true},
		"WasRoutedByHand":       {arrived(is(v1), is(v2), byHand("v2"), byHand("v1")), 5, 6, stranded, remove("v2"), true},
		"TooMuchInSum":          {arrived(is(v1), is(full)), 5, 6, "annotations-valid", weightOfV2(101), false},
		"NotTooMuch":            {arrived(is(v1), is(full)), 5, 6, "annotations-valid", weightOfV2(100), true},
		"CanaryStaysAlone":      {arrived(is(full)), 5, 6, alone, weightOfV2(10), false},
		"CanaryIsTheIncumbent":  {arrived(is(full), table("v2 100", "", "v2")), 5, 6, alone, weightOfV2(10), true},
		"CanaryBesideAPrimary":  {arrived(is(v1), is(full)), 5, 6, alone, weightOfV2(10), true},
		"RuleThatNobodyExpects": {arrived(is(v1), all), 5, 6, "path-owned", routeToV2, true},
	})
}

func TestTooManyOrdersAreCounted(t *testing.T) {
	t.Parallel()
	var list []storm.Revision
	for i := range 15 { // Each may have existed or not.
		list = append(list, is(version(fmt.Sprintf("v%d", i), "standby", 0, 1)))
	}
	h := judged{
		arrived(list...), -1, 60, "version-deployed",
		storm.Change{Table: &storm.Table{Receives: []string{"v1"}}},
		false,
	}.history()
	if wrong, n := h.FalseDenials(); len(wrong) > 0 || n.TooMany != 1 {
		t.Errorf("%d unchecked, %q", n.TooMany, wrong)
	}
}
