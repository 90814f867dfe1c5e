package convention_test

import (
	"fmt"
	"testing"

	"aviary.dev/convention"
)

// A rollback brings a former primary back beside the one that there is: it gets no stamp, so that nothing moves yet.
func TestStampOfOneThatComesBack(t *testing.T) {
	t.Parallel()
	const created = `{"metadata": {"name": "echo-v1", "annotations": {"aviary.dev/app": "echo",
"aviary.dev/role": "primary"%s}}}`
	v2 := convention.Version{Deployment: "echo-v2", Name: "v2", Role: convention.Primary, Available: 1}
	canary, broken := v2, v2
	canary.Role, broken.Available = convention.Canary, 0
	known := convention.LiveTable{Record: convention.ParseRecord("v1@a,v2@b")}
	for name, tc := range map[string]struct {
		sent   string
		beside *convention.Version
		live   convention.LiveTable
		want   bool
	}{
		"Comes back":        {"", &v2, known, false},
		"Never was primary": {"", &v2, convention.LiveTable{Record: convention.ParseRecord("v2@b")}, true},
		"Beside a canary":   {"", &canary, known, true},
		"Beside a dead one": {"", &broken, known, true},
		"Restored":          {`, "aviary.dev/promoted-at": "2026-01-01T10:00:00.000Z"`, &v2, known, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := fmt.Sprintf(created, tc.sent)
			others := []*convention.Version{tc.beside}
			p := convention.Default(nil, decode(t, text), others, tc.live, convention.DefaultLabelKeys(), noon)
			_, stamped := decode(t, apply(t, text, p)).Annotations[convention.KeyPromotedAt]
			if stamped != tc.want {
				t.Errorf("stamped: %t, want %t", stamped, tc.want)
			}
		})
	}
}
