package stories

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/time/rate"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	fightLasts = time.Minute
	fightEdits = rate.Limit(150) // a second
	fightHands = 8               // as many edit at a time
	fightTold  = 5               // Events a minute
	fightLeast = 5               // edits a second, on the busiest machine
	// How soon another app's table must follow meanwhile.
	fightTarget, fightLimit = time.Second, 5 * time.Second
)

// TestFight has somebody edit a RouteTable that Aviary keeps, and then a Service, 150 times a second, past admission:
// while Aviary judges them fewer would pass. Aviary puts it back once a second at most, after ten times (many of its
// writes come too late), tells of it in few Events, and another app's rollout goes on as ever. In the end it is as it
// should be. It is not parallel, so that other stories don't distort the measurement.
func TestFight(t *testing.T) {
	s, calm := begin(t, "fight"), begin(t, "fight-beside")
	fighter := s.bypass()
	for _, x := range []*story{s, calm} {
		x.apply(v("v1", "role=primary").String() + v("v2", "role=canary", "weight=50").String()).mustSucceed()
		x.waitAvailable("echo-v1")
		x.waitAvailable("echo-v2")
		x.waitTraffic("echo", halfToV2)
	}
	const weight = "/spec/routes/1/routeAction/multi/destinations/0/weight"
	for _, x := range []struct {
		sibling
		lasts time.Duration
		edit  func(i int64) string
	}{
		{sibling{"routetables", "echo-routes"}, fightLasts, func(i int64) string {
			return fmt.Sprintf(`[{"op": "replace", "path": %q, "value": %d}]`, weight, 51+i%40)
		}},
		{sibling{"services", "echo"}, fightLasts / 4, func(i int64) string {
			return fmt.Sprintf(`[{"op": "replace", "path": "/spec/selector/app", "value": "fox-%d"}]`, i)
		}},
	} {
		s.step("a fight for %s", x.resource)
		before := comparableSpec(s.mustGet(x.resource, x.name))
		began := time.Now()
		edits, took := fighter.fight(x.sibling, x.lasts, x.edit, calm)
		took.report(t, "another app's table follows", fightTarget, fightLimit)
		puts := s.putBacks(x.sibling, began)
		told := s.toldOf(x.name)
		t.Logf("%d edits in %s are put back %d times: %q", edits, x.lasts, puts, told)
		if edits < fightLeast*int64(x.lasts/time.Second) {
			t.Errorf("%d edits are no fight", edits)
		}
		if most := 10 + int(time.Since(began)/time.Second) + 1; puts < 1 || puts > most {
			t.Errorf("%s is put back %d times, must be 1 to %d", x.name, puts, most)
		}
		if len(told) > fightTold || strings.Count(fmt.Sprint(told), "Contested") != 1 {
			t.Errorf("there are %d Events about %s, must be %d at most: %q", len(told), x.name, fightTold, told)
		}
		s.eventually(x.name+" to be as it was", func() error {
			if now := comparableSpec(s.mustGet(x.resource, x.name)); fmt.Sprint(now) != fmt.Sprint(before) {
				return fmt.Errorf("it was %v, is %v", before, now)
			}
			return nil
		})
	}
}

// fight edits a sibling for a while, and meanwhile changes a weight of an app in another namespace. It returns how many
// edits succeeded, and how soon that app's table followed each time.
func (s *story) fight(
	x sibling, lasts time.Duration, edit func(i int64) string, beside *story,
) (edits int64, took *durations) {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), lasts)
	defer cancel()
	took = newDurations()
	var tried, done atomic.Int64
	var hands sync.WaitGroup
	pace := rate.NewLimiter(fightEdits, 1)
	for range fightHands {
		hands.Go(func() {
			for pace.Wait(ctx) == nil {
				patch := []byte(edit(tried.Add(1)))
				_, err := s.client(x.resource).Patch(ctx, x.name, types.JSONPatchType, patch, metav1.PatchOptions{})
				if err == nil {
					done.Add(1)
				}
			}
		})
	}
	for i := 0; ctx.Err() == nil; i++ {
		share := 10 + i%80
		began := time.Now()
		beside.must(decided(func() error { return direct{beside}.annotate("echo-v2", fmt.Sprintf("weight=%d", share)) }))
		beside.waitTraffic("echo", fmt.Sprintf("stage=canary /echo: v2; /echo: v1 %d, v2 %d", 100-share, share))
		took.add(time.Since(began))
	}
	hands.Wait()
	return done.Load(), took
}

// putBacks counts Aviary's writes of a sibling since then.
func (s *story) putBacks(x sibling, since time.Time) (n int) {
	s.Helper()
	for _, w := range s.auditedWrites() {
		if w.User.Username == aviaryUser && w.ObjectRef.Resource == x.resource && w.ObjectRef.Name == x.name &&
			w.StageTimestamp.After(since) {
			n++
		}
	}
	return n
}

// toldOf returns what Events say of a sibling, each as often as it was said.
func (s *story) toldOf(name string) (out []string) {
	s.Helper()
	events, err := s.client("events").List(s.Context(), metav1.ListOptions{})
	s.must(err)
	for _, e := range events.Items {
		regarding, _ := e.Object["regarding"].(map[string]any)
		if kind := regarding["kind"]; regarding["name"] != name || kind == "Upstream" {
			continue
		}
		series, _ := e.Object["series"].(map[string]any)
		times, _ := series["count"].(int64)
		for range max(times, 1) {
			out = append(out, fmt.Sprintf("%v %v: %v", regarding["kind"], e.Object["reason"], e.Object["note"]))
		}
	}
	return out
}
