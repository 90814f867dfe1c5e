package convention_test

import (
	"fmt"
	"testing"
	"time"

	"aviary.dev/convention"
)

// TestHandOver has v1 as the incumbent and v2 as the declared primary, unless a case says otherwise.
func TestHandOver(t *testing.T) {
	t.Parallel()
	type step struct {
		at     int  // seconds
		v1, v2 bool // available
		want   string
		again  int // seconds
	}
	for name, tc := range map[string]struct {
		reason  string
		ungated bool
		v2has   int // of the traffic, by the table
		v1gone  bool
		steps   []step
	}{
		"Steady": {"after 10 s without a break", false, 0, false, []step{
			{0, true, false, "v1", 0}, {5, true, true, "v1", 10}, {9, true, true, "v1", 6}, {15, true, true, "v2", 0},
		}},
		"Break": {"each loss starts the 10 s anew", false, 0, false, []step{
			{0, true, true, "v1", 10}, {9, true, false, "v1", 0}, {10, true, true, "v1", 10}, {20, true, true, "v2", 0},
		}},
		"Has all":          {"nothing moves", false, 100, false, []step{{0, true, true, "v2", 0}}},
		"Has a part":       {"the rest would move", false, 99, false, []step{{0, true, true, "v1", 10}}},
		"Incumbent broken": {"at once", false, 0, false, []step{{0, false, true, "v2", 0}}},
		"Both broken":      {"moving would help nobody", false, 0, false, []step{{0, false, false, "v1", 0}}},
		"Ungated":          {"an autoscaler wakes it", true, 0, false, []step{{0, true, false, "v2", 0}}},
		"Gone":             {"nobody else is there", false, 0, true, []step{{0, false, true, "v2", 0}}},
		"Gone, nobody":     {"it stays the one that is said", false, 0, true, []step{{0, false, false, "v2", 0}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var gate convention.Gate
			start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
			for i, s := range tc.steps {
				v1 := &convention.Version{Deployment: "echo-v1", Name: "v1", Role: convention.Standby, Available: count(s.v1)}
				v2 := &convention.Version{
					Deployment: "echo-v2", Name: "v2", Role: convention.Primary, Available: count(s.v2), Ungated: tc.ungated,
				}
				versions := []*convention.Version{v1, v2}
				if tc.v1gone {
					versions = versions[1:]
				}
				app := convention.NewApp("echo", "echo", versions, nil, settings()).Beside(convention.LiveTable{
					Exists: true, Record: convention.ParseRecord("v1@a"), Follows: "x",
					Shares: map[string]int{"v1": 100 - tc.v2has, "v2": tc.v2has},
				})
				now, again := gate.HandOver(app, start.Add(time.Duration(s.at)*time.Second))
				p, _ := now.Primary()
				if p.Name != s.want || again != time.Duration(s.again)*time.Second {
					t.Errorf("%s\nstep %d: %s is primary, to be asked again after %s; want %s, %d s",
						tc.reason, i, p.Name, again, s.want, s.again)
				}
			}
		})
	}
}

// A version with another pod template waits anew, whatever differs: Recreate may take its Pods away at once.
func TestHandOverToAnotherTemplate(t *testing.T) {
	t.Parallel()
	version := func(name, role, checksum string) *convention.Version {
		v := read(decode(t, fmt.Sprintf(`{"metadata": {"name": "echo-%[1]s", "annotations": {"aviary.dev/app": "echo",
			"aviary.dev/version": "%[1]s", "aviary.dev/role": %[2]q}},
			"spec": {"template": {"metadata": {"annotations": {"checksum": %[3]q}},
				"spec": {"containers": [{"name": "echo", "image": "echo"}]}}},
			"status": {"availableReplicas": 1}}`, name, role, checksum)))
		v.Compact() // as it is kept
		return v
	}
	var gate convention.Gate
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, s := range []struct {
		at        int // seconds
		v1, v2    string
		checksum  string
		want      string
		inSeconds int
	}{
		{0, "primary", "standby", "a", "v1", 0},
		{20, "standby", "primary", "b", "v1", 10},
		{29, "standby", "primary", "b", "v1", 1},
		{30, "standby", "primary", "b", "v2", 0},
	} {
		versions := []*convention.Version{version("v1", s.v1, "a"), version("v2", s.v2, s.checksum)}
		app := convention.NewApp("echo", "echo", versions, nil, settings()).Beside(convention.LiveTable{
			Exists: true, Record: convention.ParseRecord("v2@a,v1@a"), Follows: "x", Shares: map[string]int{"v1": 100},
		})
		now, again := gate.HandOver(app, start.Add(time.Duration(s.at)*time.Second))
		gate.Weights(now, nil, start.Add(time.Duration(s.at)*time.Second))
		if p, _ := now.Primary(); p.Name != s.want || again != time.Duration(s.inSeconds)*time.Second {
			t.Errorf("after %d s %s is primary, to be asked again after %s; want %s, %d s",
				s.at, p.Name, again, s.want, s.inSeconds)
		}
	}
}

// While v2 waits it keeps its share, as long as it or nobody is available; paths and all else are v1's.
func TestHandOverLeavesAllAsItIs(t *testing.T) {
	t.Parallel()
	version := func(name, says string, available int) *convention.Version {
		return read(decode(t, fmt.Sprintf(`{"metadata": {"name": "echo-%[1]s", "annotations": {"aviary.dev/app": "echo",
			"aviary.dev/version": "%[1]s", "aviary.dev/paths": "/%[1]s", "aviary.dev/role": %[2]s}},
			"status": {"readyReplicas": %[3]d, "availableReplicas": %[3]d}}`, name, says, available)))
	}
	for name, c := range map[string]struct {
		v1, v2 int
		has    int // v2, of the traffic
		want   string
	}{
		"both available":           {1, 1, 30, "v1 50 (v2 to take over: 1/1 ready), v3 20, v2 30"},
		"nobody available":         {0, 0, 30, "v1 50 (v2 to take over: 0/1 ready), v3 20, v2 30"},
		"v1 alone has Pods":        {1, 0, 30, "v1 80 (v2 to take over: 0/1 ready), v3 20"},
		"v2 has nothing":           {1, 1, 0, "v1 80 (v2 to take over: 1/1 ready), v3 20"},
		"v2 has more than is left": {1, 1, 90, "v1 0 (v2 to take over: 1/1 ready), v3 20, v2 80"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			versions := []*convention.Version{
				version("v1", `"standby"`, c.v1), version("v2", `"primary"`, c.v2),
				version("v3", `"canary", "aviary.dev/weight": "20"`, 1),
			}
			app := convention.NewApp("echo", "echo", versions, nil, settings()).Beside(convention.LiveTable{
				Exists: true, Record: convention.ParseRecord("v2@a,v1@a"), Follows: "x",
				Shares: map[string]int{"v1": 100 - c.has, "v2": c.has},
			})
			var gate convention.Gate
			now, _ := gate.HandOver(app, time.Now())
			if got := now.Plan(nil).Summary(); got != c.want {
				t.Errorf("summary %q, want %q", got, c.want)
			}
			if v := now.Version("v2"); now.Role(v) != convention.TakingOver || now.TakingOver() != v {
				t.Errorf("v2 is %s, and %v is taking over", now.Role(v), now.TakingOver())
			}
			if got := now.Paths()[0].Value; got != "/v1" {
				t.Errorf("paths are of %s, want /v1", got)
			}
			if got, want := app.Plan(nil).Summary(), "v2 80, v3 20"; got != want {
				t.Errorf("declared %q, want %q", got, want)
			}
		})
	}
}

// The largest available version steps in for a primary that is gone, while the declared one is not available.
func TestHandOverToTheLargest(t *testing.T) {
	t.Parallel()
	canary := func(name string, weight int, available int32) *convention.Version {
		return &convention.Version{
			Deployment: "echo-" + name, Name: name, Role: convention.Canary, Weight: weight, Available: available,
		}
	}
	p := &convention.Version{Deployment: "echo-v2", Name: "v2", Role: convention.Primary}
	versions := []*convention.Version{p, canary("v3", 10, 1), canary("v4", 20, 1), canary("v5", 30, 0)}
	app := convention.NewApp("echo", "echo", versions, nil, settings()).Beside(convention.LiveTable{
		Exists: true, Record: convention.ParseRecord("v1@a"), Follows: "x",
		Shares: map[string]int{"v1": 40, "v3": 10, "v4": 20, "v5": 30},
	})
	var gate convention.Gate
	now, _ := gate.HandOver(app, time.Now())
	if got, _ := now.Primary(); got.Name != "v4" {
		t.Errorf("%s steps in, want v4", got.Name)
	}
}

// Where nobody had the traffic before, nobody steps in for the declared primary.
func TestHandOverOfANewApp(t *testing.T) {
	t.Parallel()
	app := echo(version("v1", convention.Primary, 0, down), version("v2", convention.Canary, 10))
	var gate convention.Gate
	now, _ := gate.HandOver(app, noon)
	if got, want := now.Plan(nil).Summary(), "v1 90, v2 10"; got != want {
		t.Errorf("summary %q, want %q", got, want)
	}
}
