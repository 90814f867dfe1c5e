package convention_test

import (
	"maps"
	"testing"
	"time"

	"aviary.dev/convention"
)

func TestUnstamped(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	cases := map[string]struct {
		reason   string
		old, now *convention.Version
		want     bool
		beside   *convention.Version
	}{
		"Create": {"the defaulting call was missed", nil, &convention.Version{Role: convention.Primary}, true, nil},
		"CreateStamped": {
			"it was not", nil, &convention.Version{Role: convention.Primary, PromotedAt: noon}, false, nil,
		},
		"CreateBeside": {
			"a rollback brings it without one", nil, &convention.Version{Role: convention.Primary}, false,
			&convention.Version{Name: "v2", Role: convention.Primary},
		},
		"CreateBesideCanary": {
			"nobody else is primary", nil, &convention.Version{Role: convention.Primary}, true,
			&convention.Version{Name: "v2", Role: convention.Canary},
		},
		"PromoteBeside": {
			"an update says who is meant", &convention.Version{Role: convention.Canary},
			&convention.Version{Role: convention.Primary}, true, &convention.Version{Name: "v2", Role: convention.Primary},
		},
		"Promote": {
			"missed", &convention.Version{Role: convention.Canary}, &convention.Version{Role: convention.Primary}, true, nil,
		},
		"PromoteOld": {
			"the stamp of an earlier promotion", &convention.Version{Role: convention.Canary, PromotedAt: noon},
			&convention.Version{Role: convention.Primary, PromotedAt: noon}, true, nil,
		},
		"PromoteNew": {
			"stamped", &convention.Version{Role: convention.Canary, PromotedAt: noon},
			&convention.Version{Role: convention.Primary, PromotedAt: at(1)}, false, nil,
		},
		"Stays": {
			"nothing changes", &convention.Version{Role: convention.Primary},
			&convention.Version{Role: convention.Primary}, false, nil,
		},
		"Canary": {"no stamp needed", nil, &convention.Version{Role: convention.Canary}, false, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			versions := []*convention.Version{tc.now}
			if tc.beside != nil {
				versions = append(versions, tc.beside)
			}
			app := convention.NewApp("echo", "echo", versions, nil, settings())
			if got := app.Unstamped(tc.old, tc.now); got != tc.want {
				t.Errorf("%s\nUnstamped() = %t, want %t", tc.reason, got, tc.want)
			}
		})
	}
}

func merge(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, b)
	return out
}

func read(d *convention.Deployment) *convention.Version {
	if d == nil {
		return nil
	}
	v, _ := convention.Read(d, convention.DefaultLabelKeys())
	return v
}

// defaulted is what Default makes of an app that has no table.
func defaulted(old, d *convention.Deployment, others ...*convention.Version) convention.Patch {
	return convention.Default(old, d, others, convention.LiveTable{}, convention.DefaultLabelKeys(), noon)
}

// A rollback that changes two versions at once: when the one that comes back was defaulted, the other was primary; when
// it is judged, no longer.
func TestUnstampedOfOneThatComesBack(t *testing.T) {
	t.Parallel()
	v := &convention.Version{Name: "v1", Role: convention.Primary}
	app := convention.NewApp("echo", "echo", []*convention.Version{v}, nil, settings())
	for record, want := range map[string]bool{"v1@a,v2@b": false, "v2@b": true} {
		live := convention.LiveTable{Exists: true, Record: convention.ParseRecord(record), Follows: "x"}
		if got := app.Beside(live).Unstamped(nil, v); got != want {
			t.Errorf("with the record %s Unstamped() = %t, want %t", record, got, want)
		}
	}
}
