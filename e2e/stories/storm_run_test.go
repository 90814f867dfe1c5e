package stories

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/lagging"
	"aviary.dev/e2e/storm"
)

// stormRun is a running storm.
type stormRun struct {
	*pair
	seed       uint64
	proxy      *lagging.Proxy
	apps       []*stormApp
	admitted   atomic.Int64
	leaderEnds []time.Time
	away       []storm.Span
	led        sync.Mutex // Held while there must be a leader, or is none.
}

// runStorm runs a storm until so many writes were admitted, and returns the faults that the oracle
// finds.
func runStorm(
	t *testing.T, binary string, seed uint64, admitted int,
) (wrong []string, histories []storm.History) {
	t.Helper()
	w := &stormRun{seed: seed}
	if w.seed == 0 {
		w.seed = uint64(time.Now().UnixNano()) //nolint:gosec // because it is positive.
	}
	t.Logf("the seed is %d (again: -run %s -seed=%d)", w.seed, t.Name(), w.seed)
	w.pair = startPairWith(t, func(p *plane) aviary.Options {
		var err error
		if w.proxy, err = lagging.Start(p.Config()); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = w.proxy.Close() })
		return aviary.Options{Via: w.proxy.Kubeconfig, Binary: binary}
	})
	t.Cleanup(func() {
		for _, r := range w.replicas {
			if t.Failed() {
				t.Logf("the end of a replica's log:\n%s", r.LogTail(100))
			}
		}
	})
	for i := range 4 {
		w.apps = append(w.apps, w.newApp(t, fmt.Sprintf("storm-%d", i)))
	}
	withoutPrimary := w.newAppWithoutPrimaryPod(t)
	began := time.Now()
	w.drive(t, withoutPrimary, admitted)
	t.Logf("%d writes were admitted within %s", w.admitted.Load(), time.Since(began).Round(time.Second))
	w.proxy.Delay(0)
	w.leader(t)
	var checked storm.Checked
	reported, acrossEnd := newDurations(), newDurations()
	for _, a := range append(w.apps, withoutPrimary) {
		a.waitSettled()
		h := a.history()
		h.Away = w.away
		histories = append(histories, h)
		found, n := h.Judge()
		checked.Add(n)
		wrong = append(wrong, found...)
		wrong = append(wrong, w.unreported(h, reported, acrossEnd)...)
	}
	t.Logf("%+v were checked", checked)
	if checked.TooMany*20 > checked.All {
		t.Error("the oracle must be able to check 95 % of the denials")
	}
	if checked.Unwitnessed*100 > max(checked.Table, 100) {
		t.Error("the oracle must have seen the table in 99 % of the denials by it, or in all but one")
	}
	for _, x := range []struct {
		*durations
		when          string
		target, limit time.Duration
	}{
		{reported, "", raceTarget, raceLimit},
		{acrossEnd, ", across the end of a leader,", raceKillTarget, raceKillLimit},
	} {
		if len(x.all) > 0 {
			x.report(t, "a hand-made route on an absent version has its Event"+x.when, x.target, x.limit)
		}
	}
	w.writeTrace(t, append(w.apps, withoutPrimary))
	return wrong, histories
}

// unreported returns the routes to absent versions that no Event reported in time. It adds how long
// the Events took to reported, or to acrossEnd if a leader ended meanwhile.
func (w *stormRun) unreported(h storm.History, reported, acrossEnd *durations) []string {
	ended := func(since time.Time) bool {
		return slices.ContainsFunc(w.leaderEnds, func(at time.Time) bool {
			return since.After(at.Add(-raceTarget)) && since.Before(at.Add(raceKillTarget))
		})
	}
	took, late := h.Unreported(time.Now(), func(since time.Time) time.Duration {
		if ended(since) {
			return raceKillLimit
		}
		return raceLimit
	})
	for since, d := range took {
		if ended(since) {
			acrossEnd.add(d)
		} else {
			reported.add(d)
		}
	}
	return late
}

// drive has clients write, delays informers and ends leaders, until so many writes were admitted.
func (w *stormRun) drive(t *testing.T, withoutPrimary *stormApp, admitted int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var working sync.WaitGroup
	began := time.Now()
	for i := range stormClients {
		random := rand.New(rand.NewPCG(w.seed, uint64(i))) //nolint:gosec // because the storm must be repeatable.
		client := fmt.Sprintf("client %d", i)
		working.Go(func() {
			for ctx.Err() == nil {
				app := w.apps[random.IntN(len(w.apps))]
				app.act(w, client, random) //nolint:contextcheck // because a request that began is finished.
			}
		})
	}
	random := rand.New(rand.NewPCG(w.seed, stormClients)) //nolint:gosec // because the storm must be repeatable.
	working.Go(func() {
		wait.UntilWithContext(ctx, func(context.Context) {
			w.proxy.Delay(time.Duration(random.Int64N(int64(stormLag))))
		}, stormLagInterval)
	})
	outages := rand.New(rand.NewPCG(w.seed, stormClients+1)) //nolint:gosec // because the storm must be repeatable.
	working.Go(func() { w.outages(ctx, outages) })
	working.Go(func() {
		wait.UntilWithContext(ctx, func(context.Context) {
			if time.Since(began) > storm.Lookback {
				withoutPrimary.toggleCanary() //nolint:contextcheck // because a request that began is finished.
			}
		}, 2*time.Second)
	})
	reached := func(share float64) {
		err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, 10*time.Minute, true,
			func(context.Context) (bool, error) {
				return float64(w.admitted.Load()) >= share*float64(admitted) &&
					time.Since(began) >= time.Duration(share*float64(stormMinimum)), nil
			})
		if err != nil {
			t.Error(err)
		}
	}
	for i, how := range []func(*aviary.Instance) error{(*aviary.Instance).Stop, (*aviary.Instance).Kill} {
		reached(float64(i+1) / 3)
		w.led.Lock()
		at, ended := w.endLeader(t, how)
		w.leaderEnds = append(w.leaderEnds, at)
		ended()
		w.leader(t)
		w.led.Unlock()
		w.away = append(w.away, storm.Span{Begin: at, End: time.Now()})
	}
	reached(1)
	cancel()
	working.Wait()
}
