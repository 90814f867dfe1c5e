package convention_test

import (
	"testing"

	"aviary.dev/convention"
)

// TestStepsIn: if who led is gone and the declared primary not available, the available version with most of the
// traffic steps in.
func TestStepsIn(t *testing.T) {
	t.Parallel()
	heir := &convention.Version{Name: "v9", Deployment: "echo-v9", Role: convention.Primary}
	at := func(name string, role convention.Role, weight int, available int32) *convention.Version {
		return &convention.Version{Name: name, Deployment: "echo-" + name, Role: role, Weight: weight, Available: available}
	}
	const primary, canary, standby = convention.Primary, convention.Canary, convention.Standby
	cases := map[string]struct {
		reason   string
		versions []*convention.Version
		shares   map[string]int
		want     string
	}{
		"Largest": {
			"v2 has more",
			[]*convention.Version{at("v1", canary, 90, 1), at("v2", canary, 10, 1)},
			map[string]int{"v1": 10, "v2": 20},
			"v2",
		},
		"LargestFirst": {
			"v1 has more",
			[]*convention.Version{at("v1", canary, 10, 1), at("v2", canary, 90, 1)},
			map[string]int{"v1": 20, "v2": 10},
			"v1",
		},
		"AsksMore":  {"of two without", []*convention.Version{at("v1", canary, 10, 1), at("v2", canary, 20, 1)}, nil, "v2"},
		"AsksSame":  {"the lesser name", []*convention.Version{at("v1", canary, 10, 1), at("v2", canary, 10, 1)}, nil, "v1"},
		"Available": {"v2 has no pods", []*convention.Version{at("v1", canary, 10, 1), at("v2", canary, 20, 0)}, nil, "v1"},
		"SaysSo":    {"a primary may", []*convention.Version{at("v1", primary, 0, 1)}, nil, "v1"},
		"HasSome":   {"a standby may then", []*convention.Version{at("v1", standby, 0, 1)}, map[string]int{"v1": 5}, "v1"},
		"Standby":   {"else it may not", []*convention.Version{at("v1", standby, 0, 1)}, map[string]int{"v1": 0}, "v9"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			late := *heir
			late.PromotedAt = noon
			app := convention.NewApp("echo", "echo", append(c.versions, &late), nil, settings())
			live := convention.LiveTable{
				Exists: true, Record: convention.ParseRecord("v0@x"), Follows: "v0 primary", Shares: c.shares,
			}
			got := app.Beside(live).HandedOver(func(*convention.Version) bool { return true })
			if p, _ := got.Primary(); p == nil || p.Name != c.want {
				t.Errorf("%s\nprimary %+v, want %s", c.reason, p, c.want)
			}
		})
	}
}
