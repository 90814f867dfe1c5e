package convention_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
)

func TestContainers(t *testing.T) {
	t.Parallel()
	digest := func(template string) string {
		text := `{"metadata": {"annotations": {"aviary.dev/app": "echo"}}, "spec": {"template": ` + template + `}}`
		return read(decode(t, text)).Containers()
	}
	first := digest(`{"metadata": {"labels": {"a": "1"}}, "spec": {"containers": [{"name": "c", "image": "x",
"env": [{"name": "A", "value": "1"}]}]}}`)
	if len(first) != 10 {
		t.Errorf("digest %q, want ten digits", first)
	}
	for name, same := range map[string]string{
		"the order of keys": `{"spec":{"containers":[{"env":[{"value":"1","name":"A"}],"image":"x","name":"c"}]}}`,
		"a label": `{"metadata": {"labels": {"b": "2"}}, "spec": {"containers": [{"name": "c", "image": "x",
"env": [{"name": "A", "value": "1"}]}]}}`,
		"a restart": `{"metadata": {"annotations": {"kubectl.kubernetes.io/restartedAt": "now"}},
"spec": {"containers": [{"name": "c", "image": "x", "env": [{"name": "A", "value": "1"}]}]}}`,
		"a defaulted field": `{"spec": {"restartPolicy": "Always", "containers": [{"name": "c", "image": "x",
"terminationMessagePath": "/dev/termination-log", "env": [{"name": "A", "value": "1"}]}]}}`,
	} {
		if digest(same) != first {
			t.Errorf("%s changes the digest", name)
		}
	}
	for name, other := range map[string]string{
		"a name":    `[{"name": "d", "image": "x", "env": [{"name": "A", "value": "1"}]}]`,
		"an image":  `[{"name": "c", "image": "y", "env": [{"name": "A", "value": "1"}]}]`,
		"a command": `[{"name": "c", "image": "x", "command": ["sh"], "env": [{"name": "A", "value": "1"}]}]`,
		"an arg":    `[{"name": "c", "image": "x", "args": ["-v"], "env": [{"name": "A", "value": "1"}]}]`,
		"a value":   `[{"name": "c", "image": "x", "env": [{"name": "A", "value": "2"}]}]`,
		"a sidecar": `[{"name": "c", "image": "x", "env": [{"name": "A", "value": "1"}]}, {"name": "s"}]`,
	} {
		if digest(`{"spec": {"containers": `+other+`}}`) == first {
			t.Errorf("%s does not change the digest", name)
		}
	}
	if none := (&convention.Version{}).Containers(); none != "" {
		t.Errorf("a version without a template has the digest %s", none)
	}
	if last := (convention.Record{}).Last(); last != "" {
		t.Errorf("the last one of an empty record is %s", last)
	}
}

// A record is in order of time, knows each version once, and of those that are gone the last three.
func TestRecord(t *testing.T) {
	t.Parallel()
	record := ""
	leads := func(version, image string, living ...string) *convention.App {
		t.Helper()
		var versions []*convention.Version
		for _, name := range append(living, version) {
			role := convention.Standby
			if name == version {
				role = convention.Primary
			}
			v := read(decode(t, `
metadata: {name: "echo-`+name+`", annotations: {aviary.dev/app: echo, aviary.dev/role: "`+string(role)+`"}}
spec: {template: {spec: {containers: [{name: c, image: "`+image+name+`"}]}}}
`))
			versions = append(versions, v)
		}
		app := convention.NewApp("echo", "echo", versions, nil, settings()).Beside(convention.LiveTable{
			Exists: true, Record: convention.ParseRecord(record), Follows: "x",
		})
		record = app.Record(app.Plan(nil)).String()
		return app
	}
	versions := func() string {
		var out string
		for _, e := range convention.ParseRecord(record) {
			out += " " + e.Version
		}
		return out
	}
	for _, step := range []struct {
		leads  string
		living []string
		want   string
	}{
		{"v1", nil, " v1"},
		{"v2", []string{"v1"}, " v1 v2"},
		{"v1", []string{"v2"}, " v2 v1"},
		{"v3", []string{"v1"}, " v2 v1 v3"},
		{"v4", nil, " v2 v1 v3 v4"},
		{"v5", nil, " v1 v3 v4 v5"},
		{"v6", []string{"v1"}, " v1 v3 v4 v5 v6"}, // who lives stays, however old
		{"v7", []string{"v1"}, " v1 v4 v5 v6 v7"},
	} {
		leads(step.leads, "a", step.living...)
		if got := versions(); got != step.want {
			t.Errorf("after %s with %v it is%s, want%s", step.leads, step.living, got, step.want)
		}
	}

	app := leads("v4", "a", "v5")
	if v := app.Version("v5"); !app.WasPrimary(v) {
		t.Error("v5 was primary with these containers")
	}
	app = leads("v4", "b", "v5")
	if v := app.Version("v5"); app.WasPrimary(v) {
		t.Error("v5 was never primary with others")
	}
	if v := app.Version("v4"); !app.WasPrimary(v) {
		t.Log("v4 runs others now") // noted with this very change
	}
}

func TestParseRecord(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": "", "v1@a": "v1@a", "v1@a,v2@b": "v1@a,v2@b", "v1@a,v2@b,v1@c": "v2@b,v1@c", "v1": "", "@a": "", ",,v1@": "v1@",
	} {
		if diff := cmp.Diff(want, convention.ParseRecord(text).String()); diff != "" {
			t.Errorf("%q: -want +got\n%s", text, diff)
		}
	}
}

// A table of an Aviary that did not say what it follows: any containers count, and those of today are noted.
func TestOldRecord(t *testing.T) {
	t.Parallel()
	v1 := read(decode(t, `{"metadata": {"annotations": {"aviary.dev/app": "echo", "aviary.dev/version": "v1",
"aviary.dev/role": "standby"}},
		"spec": {"template": {"spec": {"containers": [{"name": "c"}]}}}}`))
	live := convention.LiveTable{Exists: true, Record: convention.ParseRecord("v1@template")}
	app := convention.NewApp("echo", "echo", []*convention.Version{v1}, nil, settings()).Beside(live)
	if !app.WasPrimary(v1) {
		t.Error("an entry of an old record counts, whatever its digest")
	}
	if got, want := app.Record(app.Plan(nil)).String(), "v1@"+v1.Containers(); got != want {
		t.Errorf("record %q, want %q", got, want)
	}
	live.Follows = "v1 standby"
	if app = app.Beside(live); app.WasPrimary(v1) {
		t.Error("with a table that says what it follows, only the same containers count")
	}
}
