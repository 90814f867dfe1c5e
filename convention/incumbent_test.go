package convention_test

import (
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/convention"
)

// TestIncumbentWithoutATable: where no table remembers who led, it was a living version that was promoted.
func TestIncumbentWithoutATable(t *testing.T) {
	t.Parallel()
	at := func(name string, minute int, serves int32) *convention.Version {
		v := &convention.Version{Name: name, Deployment: "echo-" + name, UID: types.UID(name), Available: serves}
		if minute > 0 {
			v.PromotedAt = noon.Add(time.Duration(minute) * time.Minute)
		}
		return v
	}
	unstored := at("v9", 9, 1)
	unstored.UID = ""
	cases := map[string]struct {
		reason   string
		versions []*convention.Version
		want     string
	}{
		"Last":        {"of both that serve", []*convention.Version{at("v1", 2, 1), at("v2", 1, 1)}, "v1"},
		"LastOfAge":   {"the younger one", []*convention.Version{at("v1", 1, 1), at("v2", 2, 1)}, "v2"},
		"Same":        {"the older one stays", []*convention.Version{at("v1", 1, 1), at("v2", 1, 1)}, "v1"},
		"Serves":      {"not the newer stamp", []*convention.Version{at("v1", 2, 0), at("v2", 1, 1)}, "v2"},
		"StillServes": {"likewise if that is looked at last", []*convention.Version{at("v1", 1, 1), at("v2", 2, 0)}, "v1"},
		"NoneServes":  {"the newer stamp", []*convention.Version{at("v1", 1, 0), at("v2", 2, 0)}, "v2"},
		"Unstamped":   {"nobody promoted it", []*convention.Version{at("v1", 0, 1), at("v2", 1, 0)}, "v2"},
		"Unstored":    {"a file remembers nothing", []*convention.Version{unstored, at("v2", 1, 0)}, "v2"},
		"Nobody":      {"none was promoted", []*convention.Version{at("v1", 0, 1), unstored}, ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, app := "", convention.NewApp("echo", "echo", c.versions, nil, settings())
			if v := app.Beside(convention.LiveTable{}).Incumbent(); v != nil {
				got = v.Name
			}
			if got != c.want {
				t.Errorf("%s\nIncumbent() = %q, want %q", c.reason, got, c.want)
			}
		})
	}
}

// TestSameTemplate: versions have the same template if both have one, whatever the order of its keys.
func TestSameTemplate(t *testing.T) {
	t.Parallel()
	of := func(spec string) *convention.Version {
		return read(decode(t, `{"metadata": {"annotations": {"aviary.dev/app": "echo"}}, "spec": {`+spec+`}}`))
	}
	one := of(`"template": {"metadata": {"labels": {"a": "1", "b": "2"}}}`)
	for name, c := range map[string]struct {
		other *convention.Version
		want  bool
	}{
		"other order":      {of(`"template": {"metadata": {"labels": {"b": "2", "a": "1"}}}`), true},
		"another label":    {of(`"template": {"metadata": {"labels": {"a": "1", "b": "3"}}}`), false},
		"no template":      {of(""), false},
		"not of an object": {&convention.Version{}, false},
	} {
		if got := one.SameTemplate(c.other); got != c.want || got != c.other.SameTemplate(one) {
			t.Errorf("%s: SameTemplate() = %t, want %t both ways", name, got, c.want)
		}
	}
	if of("").SameTemplate(of("")) || of("").Containers() != "" {
		t.Error("two versions without a template have the same one, or containers")
	}
}

// TestIncumbentOfAnOldTable: a table by an Aviary that did not say what it follows is of the primary by the rule of
// that time.
func TestIncumbentOfAnOldTable(t *testing.T) {
	t.Parallel()
	at := func(name string, role convention.Role, minute int) *convention.Version {
		v := &convention.Version{Name: name, Deployment: "echo-" + name, Role: role}
		if minute > 0 {
			v.PromotedAt = noon.Add(time.Duration(minute) * time.Minute)
		}
		return v
	}
	const primary, canary, standby = convention.Primary, convention.Canary, convention.Standby
	cases := map[string]struct {
		reason   string
		versions []*convention.Version
		shares   map[string]int
		want     string
	}{
		"Stated":     {"it says so", []*convention.Version{at("v1", canary, 9), at("v2", primary, 1)}, nil, "v2"},
		"Last":       {"promoted last", []*convention.Version{at("v1", primary, 2), at("v2", primary, 1)}, nil, "v1"},
		"Youngest":   {"of the same time", []*convention.Version{at("v1", primary, 1), at("v2", primary, 1)}, nil, "v2"},
		"NoRole":     {"the oldest", []*convention.Version{at("v1", canary, 0), at("v2", "", 0), at("v3", "", 0)}, nil, "v2"},
		"StatedOver": {"the one that says so", []*convention.Version{at("v1", "", 0), at("v2", primary, 0)}, nil, "v2"},
		"Sole": {
			"it has all",
			[]*convention.Version{at("v1", standby, 0), at("v2", canary, 0)},
			map[string]int{"v1": 0, "v2": 100},
			"v2",
		},
		"Shared": {
			"nobody has all",
			[]*convention.Version{at("v1", standby, 0), at("v2", canary, 0)},
			map[string]int{"v1": 99, "v2": 1},
			"",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, app := "", convention.NewApp("echo", "echo", c.versions, nil, settings())
			live := convention.LiveTable{Exists: true, Record: convention.ParseRecord("v1@x"), Shares: c.shares}
			if v := app.Beside(live).Incumbent(); v != nil {
				got = v.Name
			}
			if got != c.want {
				t.Errorf("%s\nIncumbent() = %q, want %q", c.reason, got, c.want)
			}
		})
	}
}

// Who is the primary: of those that say so the one promoted last, then the incumbent; if none says so, the incumbent,
// which is implicit where a new cluster would choose it, too.
func TestDeclaredPrimary(t *testing.T) {
	t.Parallel()
	stated := func(name string, minute int) *convention.Version {
		return version(name, convention.Primary, 0, func(v *convention.Version) {
			v.PromotedAt = noon.Add(time.Duration(minute) * time.Minute)
		})
	}
	cases := map[string]struct {
		reason   string
		v1, v2   *convention.Version
		want     string
		implicit bool
	}{
		"Last":  {"v2 led, and was promoted before", stated("v1", 2), stated("v2", 1), "v1", false},
		"Same":  {"then it is who led", stated("v1", 1), stated("v2", 1), "v2", false},
		"Led":   {"v1 would be it in a new cluster", version("v1", "", 0), version("v2", "", 0), "v2", false},
		"First": {"so would v2", version("v1", convention.Canary, 0), version("v2", "", 0), "v2", true},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, implicit := echo(c.v1, c.v2).Beside(after("v2")).Primary()
			if p.Name != c.want || implicit != c.implicit {
				t.Errorf("%s\nPrimary() = %s, %t, want %s, %t", c.reason, p.Name, implicit, c.want, c.implicit)
			}
		})
	}
}

// An app of one version is led by it, whatever it says in company.
func TestAlone(t *testing.T) {
	t.Parallel()
	v2 := version("v2", convention.Canary, 10)
	if got := echo(version("v1", convention.Primary, 0), v2).Alone(v2).Plan(nil).Summary(); got != "v2 100" {
		t.Errorf("Summary() = %q, want v2 100", got)
	}
}
