package webhook_test

import (
	"strings"
	"testing"
	"time"

	"aviary.dev/inventory"
)

// Whoever applies a Deployment of an app that is blocked is told why and since when. Whatever somebody wrote in its
// place reaches no terminal.
func TestBlockedAppIsToldAtTheDoor(t *testing.T) {
	t.Parallel()
	const note = "RouteTable since 2026-11-28T12:00:00Z: policy no-tables refuses: no tables here"
	const told = "Aviary can't write RouteTable n/echo-routes since 3 m: policy no-tables refuses: no tables here"
	for name, c := range map[string]struct{ reason, annotation, want string }{
		"Blocked":    {"as the Service tells", note, told},
		"NotBlocked": {"nothing stands there", "", ""},
		"Garbage":    {"Aviary did not write that", "call 555-0100", ""},
		"Hostile":    {"one short line is shown", note + `\u001b[31m\n\u202e` + strings.Repeat("x", 600), told + "[31m xxx"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := inventory.NewStore()
			put(t, store, serviceKind, `{"metadata":{"name":"echo","namespace":"n",
"annotations":{"aviary.dev/blocked":"`+c.annotation+`"},
"labels":{"app.kubernetes.io/managed-by":"aviary","aviary.dev/app":"echo"}},
"spec":{"selector":{"app":"echo"},"ports":[{"port":80}]}}`)
			v := validator(t, store)
			v.Now = func() time.Time { return time.Date(2026, 11, 28, 12, 3, 30, 0, time.UTC) }
			v.Missing = func() []string { return []string{"a right"} }
			const old = `{"metadata":{"name":"echo-v1","namespace":"n","annotations":{"aviary.dev/app":"echo",
"aviary.dev/api-group":"example"}},
"spec":{"selector":{"matchLabels":{"app":"echo","version":"v1"}},"template":{"metadata":{"labels":{"app":"echo",
"version":"v1"}},"spec":{"containers":[{"ports":[{"containerPort":80}]}]}}}}`
			got := post(t, v, review(t, "deployments", "apps", "Deployment", "UPDATE", []byte(old), []byte(old)))
			var lines []string
			for _, w := range got.Warnings {
				if strings.Contains(w, "can't write") {
					lines = append(lines, w)
				}
				if len(w) > 256 || strings.ContainsAny(w, "\x1b\n\u202e") {
					t.Errorf("%q", w)
				}
			}
			if !got.Allowed || len(lines) != min(len(c.want), 1) || !strings.HasPrefix(strings.Join(lines, ""), c.want) {
				t.Errorf("%s: allowed %v (%v), warns %q; want %q", c.reason, got.Allowed, got.Result, lines, c.want)
			}
			if all := strings.Join(got.Warnings, "\n"); !strings.Contains(all, "keep this app's siblings now: a right") {
				t.Errorf("what Aviary lacks is told besides: %q", all)
			}
		})
	}
}
