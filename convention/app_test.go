package convention_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/convention"
)

func version(name string, role convention.Role, weight int, change ...func(*convention.Version)) *convention.Version {
	v := &convention.Version{Deployment: "echo-" + name, Name: name, Role: role, Weight: weight, Replicas: 1, Available: 1}
	for _, c := range change {
		c(v)
	}
	return v
}

func echo(versions ...*convention.Version) *convention.App {
	return convention.NewApp("echo", "echo", versions, nil, settings())
}

func down(v *convention.Version) { v.Available = 0 }

func TestState(t *testing.T) {
	t.Parallel()
	unreadable := func(v *convention.Version) { v.Unreadable = true }
	retire := func(v *convention.Version) { v.Retire = true }
	v1 := version("v1", convention.Primary, 0)
	cases := map[string]struct {
		reason   string
		app      *convention.App
		want     convention.State
		declared map[string]int
	}{
		"Primary": {"it has all", echo(v1), convention.Routed, map[string]int{"v1": 100}},
		"Canary": {
			"it has its part", echo(v1, version("v2", convention.Canary, 10)), convention.Routed,
			map[string]int{"v1": 90, "v2": 10},
		},
		"All": {
			"100 is not above 100", echo(v1, version("v2", convention.Canary, 60), version("v3", convention.Canary, 40)),
			convention.Routed,
			map[string]int{"v1": 0, "v2": 60, "v3": 40},
		},
		"Over": {
			"101 is", echo(v1, version("v2", convention.Canary, 60), version("v3", convention.Canary, 41)),
			convention.Invalid, nil,
		},
		"Alone": {
			"a sole canary may have all", echo(version("v2", convention.Canary, 100)),
			convention.Routed,
			map[string]int{"v2": 100},
		},
		"AlonePart": {"but who has the rest?", echo(version("v2", convention.Canary, 99)), convention.Invalid, nil},
		"TwoAlone": {
			"nor may two share it", echo(version("v2", convention.Canary, 50), version("v3", convention.Canary, 50)),
			convention.Invalid, nil,
		},
		"Nobody": {"a standby gets nothing", echo(version("v2", convention.Standby, 0)), convention.Unrouted, nil},
		"Unreadable": {
			"nothing is moved by guessing", echo(v1, version("v2", convention.Standby, 0, unreadable)), convention.Invalid, nil,
		},
		"Retiring": {
			"one is enough, whatever else is wrong", echo(v1, version("v2", convention.Standby, 0, unreadable, retire)),
			convention.Retired, nil,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.app.State(); got != tc.want {
				t.Errorf("%s\nState() = %s, want %s", tc.reason, got, tc.want)
			}
			declared := map[string]int{}
			for _, s := range tc.app.Declared() {
				declared[s.Version.Name] = s.Percent
			}
			if diff := cmp.Diff(tc.declared, declared, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s\nDeclared(): -want +got:\n%s", tc.reason, diff)
			}
			for v, percent := range tc.declared {
				if got := tc.app.Plan(nil).Of(v); got != percent {
					t.Errorf("%s\nOf(%s) = %d, want %d", tc.reason, v, got, percent)
				}
			}
		})
	}
}

func TestFallback(t *testing.T) {
	t.Parallel()
	canary := func(name string, weight int, change ...func(*convention.Version)) *convention.Version {
		return version(name, convention.Canary, weight, change...)
	}
	cases := map[string]struct {
		reason   string
		versions []*convention.Version
		want     string
	}{
		"Heaviest":  {"it has shown that it can", []*convention.Version{canary("v2", 10), canary("v3", 50)}, "v3"},
		"Available": {"nobody is there", []*convention.Version{canary("v2", 50, down), canary("v3", 10)}, "v3"},
		"AllDown":   {"then none is better", []*convention.Version{canary("v2", 10, down), canary("v3", 50, down)}, "v3"},
		"None":      {"nobody at all", nil, ""},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := echo(tc.versions...).Fallback()
			got := ""
			for _, s := range p.Shares {
				got = s.Version.Name
			}
			if got != tc.want || len(p.Backends) != 1 {
				t.Errorf("%s\nFallback() gives all to %q with backends %v, want %q and one", tc.reason, got, p.Backends, tc.want)
			}
		})
	}
}

func TestInEffect(t *testing.T) {
	t.Parallel()
	ungated := func(v *convention.Version) { v.Ungated = true }
	v1 := version("v1", convention.Primary, 0)
	cases := map[string]struct {
		reason string
		app    *convention.App
		want   int
	}{
		"Serves": {"as declared", echo(v1, version("v2", convention.Canary, 50)), 50},
		"Down":   {"the primary has it", echo(v1, version("v2", convention.Canary, 50, down)), 0},
		"BothDown": {
			"nobody has it", echo(version("v1", convention.Primary, 0, down), version("v2", convention.Canary, 50, down)), 50,
		},
		"Ungated":   {"it is woken", echo(v1, version("v2", convention.Canary, 50, down, ungated)), 50},
		"NoPrimary": {"nobody else", echo(version("v2", convention.Canary, 100, down)), 100},
		"PrimaryOff": {
			"it takes what the primary can't",
			echo(version("v1", convention.Primary, 0, down), version("v2", convention.Canary, 50)), 50,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(map[string]int{"v2": tc.want}, tc.app.InEffect()); diff != "" {
				t.Errorf("%s\nInEffect(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}

// Two canaries wait for their traffic: the gate asks again when the first of them may have it.
func TestGateAsksForTheFirst(t *testing.T) {
	t.Parallel()
	var gate convention.Gate
	v1, v2 := version("v1", convention.Primary, 0), version("v2", convention.Canary, 10)
	v3 := version("v3", convention.Canary, 10, down)
	v4 := version("v4", convention.Canary, 10) // need not wait
	live := map[string]int{"v2": 0, "v3": 0, "v4": 10}
	gate.Weights(echo(v1, v2, v3, v4), live, noon)
	up := *v3
	up.Available = 1
	for _, order := range [][]*convention.Version{{v1, v2, &up, v4}, {v4, &up, v2, v1}} {
		if _, again := gate.Weights(echo(order...), live, noon.Add(4*time.Second)); again != 6*time.Second {
			t.Errorf("Weights() asks again after %s, want 6 s", again)
		}
	}
}

func TestSiblingNames(t *testing.T) {
	t.Parallel()
	longest := strings.Repeat("a", 52)
	if got, want := convention.ShadowName(longest, "v10"), longest+"-shadow-v10"; got != want {
		t.Errorf("ShadowName() = %s, want %s: 63 characters fit", got, want)
	}
	if got := convention.ShadowName(longest, "v100"); len(got) != 63 || !strings.HasPrefix(got, longest) {
		t.Errorf("ShadowName() = %s, want one of 63 characters", got)
	}
	for table, app := range map[string]string{convention.TableName("echo"): "echo", "echo": "", "echo-routes-2": ""} {
		if got := convention.AppOfTable(table); got != app {
			t.Errorf("AppOfTable(%q) = %q, want %q", table, got, app)
		}
	}
	long := strings.Repeat("b", 46) // "-shadow-" is cut behind it
	for _, x := range [][2]string{
		{"echo", "echo"},
		{"echo", "echo-shadow-v2"},
		{longest, longest},
		{longest, convention.ShadowName(longest, "v100")},
		{long, convention.ShadowName(long, "2026.01.01-a")},
		{"echo", convention.ShadowName("echo", "1..2")},
	} {
		if !convention.IsBackend(x[0], x[1]) {
			t.Errorf("IsBackend(%q, %q) must be true", x[0], x[1])
		}
	}
	for _, x := range [][2]string{
		{"echo", "echo-copy"},
		{"echo", "echo-shadow"},
		{"echo", "echo-routes"},
		{"echo", "fox"},
		{longest, longest[1:]},
		{longest + "a", longest + "b"},
	} {
		if convention.IsBackend(x[0], x[1]) || convention.IsService(x[0], x[1]) {
			t.Errorf("%q is no name of app %q's", x[1], x[0])
		}
	}
	if !convention.IsTable("echo", "echo-routes") || convention.IsTable("echo", "echo") {
		t.Error("echo-routes is the name of the table")
	}
	for app, want := range map[string]bool{"echo": true, longest: true, longest + "a": false, "Echo": false, "": false} {
		if got := convention.ValidApp(app); got != want {
			t.Errorf("ValidApp(%q) = %t, want %t", app, got, want)
		}
	}
	got := convention.Names([]*convention.Version{{Name: "v2"}, {Name: "v1"}})
	if diff := cmp.Diff([]string{"v1", "v2"}, got); diff != "" {
		t.Errorf("Names(): -want +got:\n%s", diff)
	}
}

func TestConcerns(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		convention.KeyRole:            true,
		"aviary.dev/x-team":           true,
		"example.com/aviary.dev/role": false,
	} {
		if got := convention.Concerns(map[string]string{key: "", "other": ""}); got != want {
			t.Errorf("Concerns(%s) = %t, want %t", key, got, want)
		}
	}
}

// What one version uses of somebody else's the whole app does, and the others are told.
func TestUses(t *testing.T) {
	t.Parallel()
	service := func(v *convention.Version) { v.Use = append(v.Use, "service") }
	upstream := func(v *convention.Version) { v.Use = append(v.Use, "upstream") }
	v1, v2 := version("v1", convention.Primary, 0, service), version("v2", convention.Standby, 0, service, upstream)
	v3 := version("v3", convention.Standby, 0)
	app := echo(v1, v2, v3)
	if !app.Uses("service") || !app.Uses("upstream") || app.Uses("gateway") {
		t.Error("Uses() must tell of the Service and of the Upstream, and of nothing else")
	}
	if p := app.Plan(nil); p.Service != nil || !slices.Equal(p.Used, []string{"service", "upstream"}) {
		t.Errorf("Plan() has siblings that are somebody else's: %+v", p)
	}
	said := "warning: metadata.annotations[aviary.dev/use]: is stated on another version and holds for the whole app; " +
		"state the same on every version, or it ends with the one that says it"
	for v, want := range map[*convention.Version]bool{v1: true, v2: false, v3: true} {
		if got := slices.Contains(lines(app.Advice(v)), said); got != want {
			t.Errorf("Advice(%s) tells of it: %t, want %t", v.Name, got, want)
		}
		for _, p := range app.Advice(v) {
			if !p.Evidence {
				t.Errorf("Advice(%s) must say that it rests on others: %+v", v.Name, p)
			}
		}
	}
	if got := echo(v1).Plan(nil).Used; !slices.Equal(got, []string{"service"}) {
		t.Errorf("Plan() uses %v, want the Service alone", got)
	}
}

func TestAppOfNothing(t *testing.T) {
	t.Parallel()
	if p := echo().Plan(nil); p.State != convention.Unrouted || len(p.Backends) > 0 || p.Service != nil {
		t.Errorf("Plan() = %+v, want nothing", p)
	}
	if got := echo(version("v1", convention.Primary, 0)).TargetPort(); got != "" {
		t.Errorf("TargetPort() = %q without any port", got)
	}
}

// The kinds that an app uses are sorted, whichever version says which.
func TestUsedIsSorted(t *testing.T) {
	t.Parallel()
	v1, v2 := version("v1", convention.Primary, 0), version("v2", convention.Standby, 0)
	v1.Use, v2.Use = []string{"upstream"}, []string{"service", "upstream"}
	if got, want := echo(v1, v2).Plan(nil).Used, []string{"service", "upstream"}; !slices.Equal(got, want) {
		t.Errorf("Used is %v, want %v", got, want)
	}
}
