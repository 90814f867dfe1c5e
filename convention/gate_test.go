package convention_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
)

func TestGate(t *testing.T) {
	t.Parallel()
	// A step is one look at the app: who is available, what the table has, and what must follow.
	type step struct {
		at      int // seconds
		primary bool
		canary  bool
		weight  int
		live    map[string]int
		want    int
		again   int // seconds
	}
	live := func(w int) map[string]int { return map[string]int{"v2": w} }
	cases := map[string]struct {
		reason  string
		ungated bool
		none    bool // no primary
		steps   []step
	}{
		"Available": {"nothing to wait for", false, false, []step{
			{0, true, true, 50, live(0), 0, 10}, {10, true, true, 50, live(0), 50, 0},
		}},
		"FirstTraffic": {"a canary that was never in the table is not one that lost its traffic", false, false, []step{
			{0, true, true, 50, nil, 50, 0},
		}},
		"StartsUp": {"its first pod becomes ready", false, false, []step{
			{0, true, false, 50, nil, 0, 0}, {3, true, true, 50, live(0), 50, 0},
		}},
		"WeightRises": {"an available canary's weight is effective at once", false, false, []step{
			{0, true, true, 0, live(0), 0, 0}, {5, true, true, 50, live(0), 50, 0},
		}},
		"Falls": {"at once", false, false, []step{
			{0, true, true, 50, live(50), 50, 0}, {1, true, false, 50, live(50), 0, 0},
		}},
		"ComesBack": {"after 10 s", false, false, []step{
			{0, true, true, 50, live(50), 50, 0},
			{1, true, false, 50, live(50), 0, 0},
			{5, true, true, 50, live(0), 0, 10},
			{9, true, true, 50, live(0), 0, 6},
			{15, true, true, 50, live(0), 50, 0},
		}},
		"Flaps": {"each loss starts the 10 s anew", false, false, []step{
			{0, true, false, 50, live(50), 0, 0},
			{5, true, true, 50, live(0), 0, 10},
			{12, true, false, 50, live(0), 0, 0},
			{13, true, true, 50, live(0), 0, 10},
			{22, true, true, 50, live(0), 0, 1},
			{23, true, true, 50, live(0), 50, 0},
		}},
		"BothBroken":    {"moving would help nobody", false, false, []step{{0, false, false, 50, live(50), 50, 0}}},
		"BothBrokenLow": {"but the author may lower it", false, false, []step{{0, false, false, 10, live(50), 10, 0}}},
		"BothBrokenNew": {"and a rise needs a pod", false, false, []step{{0, false, false, 50, live(0), 0, 0}}},
		"PrimaryBack": {"then the canary falls", false, false, []step{
			{0, false, false, 50, live(50), 50, 0}, {1, true, false, 50, live(50), 0, 0},
		}},
		"CanaryAlone": {"an available canary keeps its weight, whatever the primary", false, false, []step{
			{0, false, true, 50, live(50), 50, 0},
		}},
		"CutBesideTheDead": {"what it would wait for goes to a primary without a pod", false, false, []step{
			{0, true, false, 50, live(50), 0, 0}, {1, false, true, 50, live(0), 50, 0},
		}},
		"CutUnwritten": {"the table could not be written, and then the primary went down", false, false, []step{
			{0, true, false, 50, live(50), 0, 0}, {1, false, true, 50, live(50), 50, 0},
		}},
		"PrimaryBackTooSoon": {"then it settles as ever", false, false, []step{
			{0, true, false, 50, live(50), 0, 0},
			{1, false, true, 50, live(0), 50, 0},
			{3, true, true, 50, live(50), 0, 8},
			{11, true, true, 50, live(0), 50, 0},
		}},
		"NewLeaderBesideTheDead": {"nothing to wait for", false, false, []step{{0, false, true, 50, live(0), 50, 0}}},
		"NewLeader":              {"keeps what is live above 0", false, false, []step{{0, true, true, 50, live(50), 50, 0}}},
		"NewLeaderCut": {"starts the 10 s anew for the others", false, false, []step{
			{0, true, true, 50, live(0), 0, 10},
		}},
		"NoPrimary": {"nobody to fall back to, and the plan gives it all anyway", false, true, []step{
			{0, false, true, 100, live(100), 100, 0},
		}},
		"LostNothing": {"a canary that has come back and then lost no traffic need not wait", false, false, []step{
			{0, true, true, 50, live(0), 0, 10},
			{10, true, true, 50, live(0), 50, 0},
			{11, true, true, 0, live(50), 0, 0},
			{12, true, false, 0, live(0), 0, 0},
			{13, true, true, 20, live(0), 20, 0},
		}},
		"Ungated":      {"an autoscaler wakes it", true, false, []step{{0, true, false, 50, live(0), 50, 0}}},
		"UngatedAwake": {"nor does it wait once it is awake", true, false, []step{{0, true, true, 50, live(0), 50, 0}}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var gate convention.Gate
			start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			for i, s := range tc.steps {
				v1 := &convention.Version{Deployment: "echo-v1", Name: "v1", Role: convention.Primary, Available: count(s.primary)}
				v2 := &convention.Version{
					Deployment: "echo-v2", Name: "v2", Role: convention.Canary, Weight: s.weight,
					Available: count(s.canary), Ungated: tc.ungated,
				}
				versions := []*convention.Version{v1, v2}
				if tc.none {
					versions = versions[1:]
				}
				app := convention.NewApp("echo", "echo", versions, nil, settings())
				got, again := gate.Weights(app, s.live, start.Add(time.Duration(s.at)*time.Second))
				if diff := cmp.Diff(map[string]int{"v2": s.want}, got); diff != "" || again != time.Duration(s.again)*time.Second {
					t.Errorf("%s\nstep %d: Weights() asks again after %s, want %d s; weights -want +got:\n%s",
						tc.reason, i, again, s.again, diff)
				}
			}
		})
	}
}

func count(yes bool) int32 {
	if yes {
		return 1
	}
	return 0
}

// A canary that leaves is forgotten: if it comes again, it is new.
func TestGateForgets(t *testing.T) {
	t.Parallel()
	var gate convention.Gate
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	primary := &convention.Version{Deployment: "echo-v1", Name: "v1", Role: convention.Primary, Available: 1}
	canary := &convention.Version{Deployment: "echo-v2", Name: "v2", Role: convention.Canary, Weight: 50}
	app := func(versions ...*convention.Version) *convention.App {
		return convention.NewApp("echo", "echo", versions, nil, settings())
	}
	gate.Weights(app(primary, canary), map[string]int{"v2": 50}, now) // cut
	if got, _ := gate.Weights(app(primary), nil, now); len(got) > 0 {
		t.Errorf("Weights() = %v without canaries", got)
	}
	again := *canary
	again.Available = 1
	if got, _ := gate.Weights(app(primary, &again), nil, now); got["v2"] != 50 {
		t.Errorf("Weights() = %v, want v2 50: nothing of the first v2 may be left", got)
	}
}
