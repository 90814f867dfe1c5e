package convention_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
)

// Where no version says primary any more, each is told who has the traffic; the incumbent also what becomes of the
// weight that it asks for.
func TestAdviceWhereNobodySaysPrimary(t *testing.T) {
	t.Parallel()
	const keeps = "warning: " + at + "role]: no version states primary; v2 keeps the traffic until one does"
	const say = "; say role: primary on the version that shall have it, such as echo-v2"
	cases := map[string]struct {
		reason    string
		incumbent *convention.Version
		want      map[string]string
	}{
		"Canary": {
			"its weight waits, not the other's",
			version("v2", convention.Canary, 20),
			map[string]string{"v1": keeps + say, "v2": keeps + ", and its weight 20 waits for that" + say},
		},
		"Standby": {
			"it asks for nothing",
			version("v2", convention.Standby, 0),
			map[string]string{"v1": keeps + say, "v2": keeps + say},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			app := sound(version("v1", convention.Canary, 10), c.incumbent).Beside(after("v2"))
			for v, want := range c.want {
				if diff := cmp.Diff([]string{want}, lines(app.Advice(app.Version(v)))); diff != "" {
					t.Errorf("%s\nAdvice(%s): -want +got:\n%s", c.reason, v, diff)
				}
			}
		})
	}
}

// sound is an app that has a target port and an API group.
func sound(versions ...*convention.Version) *convention.App {
	for _, v := range versions {
		v.TargetPort, v.APIGroup = "8080", "example"
	}
	return echo(versions...)
}

// after is the table that a version led last.
func after(version string) convention.LiveTable {
	return convention.LiveTable{Exists: true, Record: convention.ParseRecord(version + "@a"), Follows: "x"}
}
