package webhook_test

import (
	"strings"
	"testing"

	"k8s.io/client-go/tools/events"
)

// Helm says success when a DELETE is refused, so an Event tells why. A dry run refuses nothing.
func TestARefusedRemovalIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		dryRun bool
		table  func(*lagging)
		want   string
	}{
		"refused":   {want: "Warning Refused "},
		"a dry run": {dryRun: true},
		"admitted":  {table: func(l *lagging) { l.follow(0, 100, "v1 primary, v2 canary 100") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLagging(t, 1)
			told := events.NewFakeRecorder(1)
			l.Events = told
			if c.table != nil {
				c.table(l)
			}
			allowed, says := l.remove(c.dryRun)
			if refused := c.table == nil; allowed == refused {
				t.Fatalf("allowed: %v: %s", allowed, says)
			}
			event := ""
			select {
			case event = <-told.Events:
			default:
			}
			if c.want == "" && event != "" || !strings.HasPrefix(event, c.want) ||
				c.want != "" && !strings.HasSuffix(event, says) {
				t.Errorf("the Event is %q, want %q with %q", event, c.want, says)
			}
		})
	}
}
