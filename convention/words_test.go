package convention_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
)

func TestNearest(t *testing.T) {
	t.Parallel()
	from := []string{convention.KeyWeight, convention.KeyRole, convention.KeyApp}
	for word, want := range map[string]string{
		"aviary.dev/wieght": convention.KeyWeight, "aviary.dev/rol": convention.KeyRole, "aviary.dev/App": convention.KeyApp,
		"aviary.dev/something-else-altogether": "", "": "",
	} {
		if got := convention.Nearest(word, from); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
	if got := convention.Nearest("a", []string{"b"}); got != "" {
		t.Errorf("Nearest() = %q: all letters are wrong", got)
	}
}

// TestNearestByEdits: a third of the letters may be wrong, and two neighbours that are swapped are one that is.
func TestNearestByEdits(t *testing.T) {
	t.Parallel()
	from := []string{"app", "role", "weight", "weights", "headers", "paths", "port"}
	for word, want := range map[string]string{
		"role": "role", "rloe": "role", "roel": "role", "wieght": "weight", "weihgts": "weights", "pap": "app",
		"prot": "port", "potr": "port", "paht": "", "pahts": "paths", "wéight": "weight",
		"pa": "", "elor": "", "zone": "", "lore": "",
	} {
		if got := convention.Nearest(word, from); got != want {
			t.Errorf("Nearest(%q) = %q, want %q", word, got, want)
		}
	}
}

func TestLabelKeys(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, text string
		want         convention.LabelKeys
		err          string
	}{
		"Default": {"reads what it writes", convention.DefaultLabelKeys().String(), convention.DefaultLabelKeys(), ""},
		"Some": {
			"the rest keeps its default", "version=team.dev/rev",
			convention.LabelKeys{App: "app", Version: "team.dev/rev", APIGroup: "apiGroup"},
			"",
		},
		"Unknown": {"no guessing", "team=a", convention.LabelKeys{}, `"team=a" must be app=KEY, version=KEY or apiGroup=KEY`},
		"NoKey": {
			"not a label's", "app=a b",
			convention.LabelKeys{},
			`"a b" must be a label key: name part must consist of alphanumeric characters, '-', '_' or '.', ` +
				`and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', ` +
				`regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`,
		},
		"Empty": {"not a flag's value", "", convention.LabelKeys{}, `"" must be app=KEY, version=KEY or apiGroup=KEY`},
		"Same": {
			"one label can't say both", "app=x,version=x",
			convention.LabelKeys{},
			`app and version must not be the same key, "x"`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := convention.ParseLabelKeys(tc.text)
			if tc.err != "" {
				if err == nil || err.Error() != tc.err {
					t.Errorf("%s\nParseLabelKeys() = %v, want %s", tc.reason, err, tc.err)
				}
				return
			}
			if err != nil || got != tc.want {
				t.Errorf("%s\nParseLabelKeys() = %v, %v, want %v", tc.reason, got, err, tc.want)
			}
		})
	}
}

func TestSummary(t *testing.T) {
	t.Parallel()
	app := convention.NewApp("echo", "echo", []*convention.Version{
		{Deployment: "echo-v1", Name: "v1", Role: convention.Primary},
		{Deployment: "echo-v2", Name: "v2", Role: convention.Canary, Weight: 50, Replicas: 3},
	}, nil, settings())
	for name, tc := range map[string]struct {
		effective map[string]int
		want      string
	}{
		"Declared": {nil, "v1 50, v2 50"},
		"Gated":    {map[string]int{"v2": 0}, "v1 100, v2 0 (declared 50: 0/3 ready)"},
		"InPart":   {map[string]int{"v2": 10}, "v1 90, v2 10 (declared 50: 0/3 ready)"},
	} {
		if diff := cmp.Diff(tc.want, app.Plan(tc.effective).Summary()); diff != "" {
			t.Errorf("%s: -want +got:\n%s", name, diff)
		}
	}
}

// A canary that goes on as the primary has its weight declared for later, and versions that were overruled are named.
func TestSummaryOfTheOverruled(t *testing.T) {
	t.Parallel()
	for want, app := range map[string]*convention.App{
		"v1 80, v2 20": echo(version("v1", convention.Canary, 30), version("v2", convention.Canary, 20)),
		"v1 100; v2 says primary, superseded; v3 says primary, superseded": echo(
			version("v1", convention.Primary, 0), version("v2", convention.Primary, 0), version("v3", convention.Primary, 0)),
	} {
		if got := app.Beside(after("v1")).Plan(nil).Summary(); got != want {
			t.Errorf("Summary() = %q, want %q", got, want)
		}
	}
}
