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
	}{
		"Create":        {"the defaulting call was missed", nil, &convention.Version{Role: convention.Primary}, true},
		"CreateStamped": {"it was not", nil, &convention.Version{Role: convention.Primary, PromotedAt: noon}, false},
		"Promote": {
			"missed", &convention.Version{Role: convention.Canary}, &convention.Version{Role: convention.Primary}, true,
		},
		"PromoteOld": {
			"the stamp of an earlier promotion", &convention.Version{Role: convention.Canary, PromotedAt: noon},
			&convention.Version{Role: convention.Primary, PromotedAt: noon}, true,
		},
		"PromoteNew": {
			"stamped", &convention.Version{Role: convention.Canary, PromotedAt: noon},
			&convention.Version{Role: convention.Primary, PromotedAt: at(1)}, false,
		},
		"Stays": {
			"nothing changes", &convention.Version{Role: convention.Primary},
			&convention.Version{Role: convention.Primary}, false,
		},
		"Canary": {"no stamp needed", nil, &convention.Version{Role: convention.Canary}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := convention.Unstamped(tc.old, tc.now); got != tc.want {
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
