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

func TestLabelKeys(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, text string
		want         convention.LabelKeys
		err          string
	}{
		"Default": {"reads what it writes", convention.DefaultLabelKeys().String(), convention.DefaultLabelKeys(), ""},
		"Some":    {"the rest keeps its default", "version=team.dev/rev", convention.LabelKeys{App: "app", Version: "team.dev/rev", APIGroup: "apiGroup"}, ""},
		"Unknown": {"no guessing", "team=a", convention.LabelKeys{}, `"team=a" must be app=KEY, version=KEY or apiGroup=KEY`},
		"NoKey":   {"not a label's", "app=a b", convention.LabelKeys{}, `"a b" must be a label key: name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')`},
		"Empty":   {"not a flag's value", "", convention.LabelKeys{}, `"" must be app=KEY, version=KEY or apiGroup=KEY`},
		"Same":    {"one label can't say both", "app=x,version=x", convention.LabelKeys{}, `app and version must not be the same key, "x"`},
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

func TestHash(t *testing.T) {
	t.Parallel()
	hash := func(template string) string {
		return decode(t, `{"spec": {"template": `+template+`}}`).Spec.Template.Hash()
	}
	first := hash(`{"metadata": {"labels": {"a": "1", "b": "2"}}, "spec": {"containers": [{"name": "c"}]}}`)
	if len(first) != 10 {
		t.Errorf("hash %q, want ten digits", first)
	}
	if again := hash(`{"spec":{"containers":[{"name":"c"}]},"metadata":{"labels":{"b":"2","a":"1"}}}`); again != first {
		t.Errorf("the order of keys changes the hash: %s, %s", first, again)
	}
	if other := hash(`{"metadata": {"labels": {"a": "1", "b": "2"}}, "spec": {"containers": [{"name": "c", "image": "x"}]}}`); other == first {
		t.Error("an image Aviary does not read is part of the template all the same")
	}
	if none := (convention.Template{}).Hash(); none != "" {
		t.Errorf("no template has the hash %s", none)
	}
}

func TestWasPrimary(t *testing.T) {
	t.Parallel()
	version := func(name string, role convention.Role, image string) *convention.Version {
		d := decode(t, `{"metadata": {"name": "echo-`+name+`", "namespace": "echo", "annotations": {"aviary.dev/app": "echo", "aviary.dev/role": "`+string(role)+`"}},
			"spec": {"template": {"spec": {"containers": [{"name": "c", "image": "`+image+`"}]}}}}`)
		return read(d)
	}
	v1, v2 := version("v1", convention.Primary, "a"), version("v2", convention.Canary, "b")
	app := convention.NewApp("echo", "echo", []*convention.Version{v1, v2}, nil, settings())
	record := app.WasPrimary("")
	if want := "v1@" + v1.Hash(); record != want {
		t.Fatalf("WasPrimary() = %q, want %q", record, want)
	}

	// v2 takes over: v1 stays in the record, as what it was.
	v1, v2 = version("v1", convention.Standby, "a"), version("v2", convention.Primary, "b")
	app = convention.NewApp("echo", "echo", []*convention.Version{v1, v2}, nil, settings())
	if record = app.WasPrimary(record); record != "v1@"+v1.Hash()+",v2@"+v2.Hash() {
		t.Errorf("WasPrimary() = %q", record)
	}
	if !convention.WasPrimaryAs(record, "v1", v1.Hash()) {
		t.Error("v1 was primary with this template")
	}
	if changed := version("v1", convention.Standby, "other"); convention.WasPrimaryAs(record, "v1", changed.Hash()) {
		t.Error("v1 was never primary with another template")
	}
	if convention.WasPrimaryAs("v1@", "v1", "") || convention.WasPrimaryAs("", "v1", "x") {
		t.Error("no hash is no record")
	}

	// v1 is deleted: it goes.
	app = convention.NewApp("echo", "echo", []*convention.Version{v2}, nil, settings())
	if record = app.WasPrimary(record); record != "v2@"+v2.Hash() {
		t.Errorf("WasPrimary() = %q, want v2 only", record)
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
