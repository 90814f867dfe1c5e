package stories

import (
	"context"
	"flag"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/lagging"
	"aviary.dev/e2e/storm"
)

var (
	stormSeed     = flag.Uint64("seed", 0, "the seed of the race storm; 0 for a new one")
	stormAdmitted = flag.Int("admitted", 1000, "how many writes of the race storm must be admitted; make storm wants 2000")
	stormPlanted  = flag.Bool("planted", false, "plant bugs too, which the race storm must find")
)

const (
	stormClients = 8
	// stormLag is how late the informers are at most, and stormWeather how long they stay so.
	stormLag, stormWeather = 3 * time.Second, 700 * time.Millisecond
	// stormLeast is long enough for what the oracle says of the gate: it knows about a primary after [storm.Memory].
	stormLeast = 2 * storm.Memory
)

// TestStorm has many clients write to a few apps at once, while informers lag and Aviary is restarted. An oracle that has
// a model of its own finds denials that no order of the requests explains, and routes that went wrong.
func TestStorm(t *testing.T) {
	t.Parallel()
	wrong := blow(t, "", *stormAdmitted)
	for _, w := range wrong {
		t.Error(w)
	}
}

// TestStormPlanted has the oracle find bugs that are planted. It takes two builds, so it only runs when it is asked for.
func TestStormPlanted(t *testing.T) {
	if !*stormPlanted {
		t.Skip("say -planted, or make storm")
	}
	for name, bug := range map[string]struct{ file, text, by, want string }{
		"live check off":            {"webhook/validate.go", "facts, c.readLive = c.live, true", "c.readLive = true", "was denied by"},
		"gate ignoring the primary": {"convention/gate.go", "if primary != nil && !primary.Serves() {", "if false {", "has no pod"},
	} {
		t.Run(name, func(t *testing.T) {
			binary := filepath.Join(t.TempDir(), "aviary")
			if err := aviary.Planted(t.Context(), binary, bug.file, bug.text, bug.by, testWriter{t}); err != nil {
				t.Fatal(err)
			}
			found := 0
			for _, w := range blow(t, binary, min(1000, *stormAdmitted)) {
				if strings.Contains(w, bug.want) {
					if found++; found <= 3 {
						t.Logf("found: %s", w)
					}
				}
			}
			if found == 0 {
				t.Error("the oracle must find the planted bug")
			}
		})
	}
}

// weather is a storm while it blows.
type weather struct {
	*pair
	seed     uint64
	proxy    *lagging.Proxy
	apps     []*stormApp
	admitted atomic.Int64
	ends     []time.Time // Of leaders.
}

// blow lets a storm blow until so many writes were admitted and gives what the oracle finds.
func blow(t *testing.T, binary string, admitted int) (wrong []string) {
	t.Helper()
	w := &weather{seed: *stormSeed}
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
	for i := range 4 {
		w.apps = append(w.apps, w.app(t, fmt.Sprintf("storm-%d", i)))
	}
	dark := w.darkApp(t)
	began := time.Now()
	w.run(t, dark, admitted)
	t.Logf("%d writes were admitted within %s", w.admitted.Load(), time.Since(began).Round(time.Second))
	w.proxy.Delay(0)
	w.leader(t)
	total, untried, told, across := 0, 0, newTimes(), newTimes()
	for _, a := range append(w.apps, dark) {
		a.settled()
		h := a.history()
		total += len(h.Denied)
		denials, many := h.FalseDenials()
		untried += many
		wrong = append(wrong, denials...)
		wrong = append(wrong, h.StrayRoutes()...)
		wrong = append(wrong, h.DarkMoves()...)
		wrong = append(wrong, w.untold(h, told, across)...)
	}
	t.Logf("%d denials were judged; %d had too many orders to try", total, untried)
	if untried*20 > total {
		t.Error("the oracle must judge 95 % of the denials")
	}
	for _, x := range []struct {
		*times
		what       string
		aim, limit time.Duration
	}{{told, "", crossAim, crossLimit}, {across, ", across the end of a leader,", crossKillAim, crossKillMax}} {
		if len(x.all) > 0 {
			x.report(t, "a hand-made route on an absent version has its Event"+x.what, x.aim, x.limit)
		}
	}
	w.writeTrace(t, append(w.apps, dark), len(wrong) > 0)
	return wrong
}

// untold judges whether Events came in time; told and across are how long those took while a leader lived, and across the
// end of one.
func (w *weather) untold(h storm.History, told, across *times) []string {
	ended := func(since time.Time) bool {
		return slices.ContainsFunc(w.ends, func(at time.Time) bool { return since.After(at.Add(-crossAim)) && since.Before(at.Add(crossKillAim)) })
	}
	took, late := h.Untold(time.Now(), func(since time.Time) time.Duration {
		if ended(since) {
			return crossKillMax
		}
		return crossLimit
	})
	for since, d := range took {
		if ended(since) {
			across.add(d)
		} else {
			told.add(d)
		}
	}
	return late
}

// run has clients write, informers lag and Aviary end, until so many writes were admitted.
func (w *weather) run(t *testing.T, dark *stormApp, admitted int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	var working sync.WaitGroup
	began := time.Now()
	for i := range stormClients {
		random := rand.New(rand.NewPCG(w.seed, uint64(i))) //nolint:gosec // because the storm must be repeatable.
		client := fmt.Sprintf("client %d", i)
		working.Go(func() {
			for ctx.Err() == nil {
				w.apps[random.IntN(len(w.apps))].act(w, client, random) //nolint:contextcheck // because a request that began is finished.
			}
		})
	}
	random := rand.New(rand.NewPCG(w.seed, stormClients)) //nolint:gosec // because the storm must be repeatable.
	working.Go(func() {
		wait.UntilWithContext(ctx, func(context.Context) {
			w.proxy.Delay(time.Duration(random.Int64N(int64(stormLag))))
		}, stormWeather)
	})
	working.Go(func() {
		wait.UntilWithContext(ctx, func(context.Context) {
			if time.Since(began) > storm.Memory {
				dark.flicker() //nolint:contextcheck // because a request that began is finished.
			}
		}, 2*time.Second)
	})
	reached := func(share float64) {
		err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, 10*time.Minute, true, func(context.Context) (bool, error) {
			return float64(w.admitted.Load()) >= share*float64(admitted) && time.Since(began) >= time.Duration(share*float64(stormLeast)), nil
		})
		if err != nil {
			t.Error(err)
		}
	}
	for i, how := range []func(*aviary.Instance) error{(*aviary.Instance).Stop, (*aviary.Instance).Kill} {
		reached(float64(i+1) / 3)
		at, ended := w.end(t, how)
		w.ends = append(w.ends, at)
		ended()
	}
	reached(1)
	cancel()
	working.Wait()
}
