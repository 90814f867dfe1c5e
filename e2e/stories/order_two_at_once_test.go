package stories

import (
	"fmt"
	"strings"
	"sync"
	"testing"
)

// parallelTimes is how often two versions are applied at the same time.
const parallelTimes = 50

// TestParallel applies two new versions of one app at the same time, both with a role. At no moment
// does a version other than the primary have all traffic.
func TestParallel(t *testing.T) {
	t.Parallel()
	for name, second := range map[string][]string{
		"standby": {"role=standby"},
		"canary":  {"role=canary", "weight=10"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, "parallel-"+name)
			q, record := direct{s}, s.record()
			for n := range parallelTimes {
				app := fmt.Sprintf("app-%d", n)
				var both sync.WaitGroup
				for _, version := range []version{v("v1", "role=primary"), v("v2", second...)} {
					both.Go(func() { q.check(q.create(version.of(app).String())) })
				}
				both.Wait()
			}
			want := "/%s: v1"
			if name == "canary" {
				want = "stage=canary /%[1]s: v2; /%[1]s: v1 90, v2 10"
			}
			for n := range parallelTimes {
				app := fmt.Sprintf("app-%d", n)
				s.waitTraffic(app, fmt.Sprintf(want, app))
			}
			record.waitComplete()
			tables := 0
			for _, e := range record.all() {
				if e.object.GetKind() != "RouteTable" || e.object.GetName() == "marker" {
					continue
				}
				tables++
				for _, r := range readRoutes(e.object) {
					last, byHeader := r.weights[len(r.weights)-1], strings.Contains(r.match, "=")
					if last == (share{"v2", 100}) && !byHeader {
						t.Errorf("%s sent all traffic to v2: %q", e.object.GetName(), traffic(e.object))
					}
				}
			}
			t.Logf("%d times v1 and v2 at once: %d states of their RouteTables, and never all traffic to v2",
				parallelTimes, tables)
		})
	}
}

// TestTwoWithoutARole applies two versions without a role. A warning names the one that became
// primary, and says how to choose.
func TestTwoWithoutARole(t *testing.T) {
	t.Parallel()
	s := begin(t, "two-without-a-role")
	for n := range 5 {
		app := fmt.Sprintf("app-%d", n)
		warned := s.apply(manifestsOf(v("v1").of(app), v("v2").of(app))).mustSucceed().warnings()
		for _, part := range []string{
			app + "-v1 is primary because it is older", "say role: primary there, or role: standby on " + app + "-v2",
		} {
			if !strings.Contains(strings.Join(warned, "\n"), part) {
				t.Errorf("the second of two versions without a role must get the warning %q, got %q", part, warned)
			}
		}
		s.waitTraffic(app, fmt.Sprintf("/%s: v1", app))
	}
}
