package waits

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

// How many requests may wait in a replica, and for one table.
const (
	mostWaits      = 64
	mostTableWaits = 4
)

// dryRunsSent is how many dry runs of each kind are sent, bursts how often a burst is tried.
const (
	dryRunsSent = 300
	bursts      = 4
)

// dryRuns sends dry runs of requests that would wait. None may wait.
func (b *bed) dryRuns(ctx context.Context, apps []app) (wrong, err error) {
	before, err := b.count(ctx)
	if err != nil {
		return nil, err
	}
	var all []app
	for i := range dryRunsSent {
		all = append(all, apps[i%len(apps)])
	}
	out := &outcome{}
	err = each(ctx, all, 4, func(ctx context.Context, a app) error {
		for _, what := range []deed{promotion, removal} {
			r, err := b.ask(ctx, a, what, dryRun...)
			if err != nil {
				return err
			}
			out.add(r)
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	after, err := b.count(ctx)
	if err != nil {
		return nil, err
	}
	control, err := b.ask(ctx, apps[0], removal)
	if err != nil {
		return nil, err
	}
	last, err := b.count(ctx)
	waited, times := after.minus(before).all(), timesOf(out.requests)
	fmt.Printf("\ndry runs that would wait: %d, all refused, %.0f waited; p50 %s ms, p99 %s ms, at most %s ms; "+
		"%.1f live reads each; the same without dry run was refused after %s ms\n", len(times), waited,
		ms(quantile(times, .5)), ms(quantile(times, .99)), ms(quantile(times, 1)),
		after.minus(before).liveReads/float64(len(times)), ms(control.took()))
	if waited > 0 {
		wrong = fmt.Errorf("%.0f dry runs waited", waited)
	}
	if last.minus(after).timeout != 1 {
		wrong = errors.Join(wrong, errors.New("the request that should wait did not: dry runs were tried on nothing"))
	}
	return wrong, err
}

// bounds sends more requests at once than may wait, to many apps and to one.
func (b *bed) bounds(ctx context.Context, apps []app) (wrong, err error) {
	for _, burst := range []struct {
		what  string
		apps  []app
		each  int
		bound float64
	}{
		{"many apps", apps[:45], mostTableWaits, mostWaits},
		{"one app", apps[:1], 6 * mostTableWaits, mostTableWaits},
	} {
		var all []app
		for range burst.each {
			all = append(all, burst.apps...)
		}
		found, err := b.burst(ctx, burst.what, all, burst.bound)
		if wrong = errors.Join(wrong, found); err != nil {
			return wrong, err
		}
	}
	return wrong, nil
}

// burst sends a DELETE for each app at once. If the last that was refused came when the first that waited had gone,
// there was room for more by then, and it is sent again. If that happens on and on, because the machine is slow, only
// the time that all of them waited is held against the bound.
func (b *bed) burst(ctx context.Context, what string, apps []app, bound float64) (wrong, err error) {
	for try := range bursts {
		out := &outcome{}
		began := time.Now()
		replicas, err := b.inReplicas(ctx, func() error {
			return each(ctx, apps, len(apps), func(ctx context.Context, a app) error {
				r, err := b.ask(ctx, a, removal)
				out.add(r)
				return err
			})
		})
		if err != nil {
			return nil, err
		}
		span := time.Since(began)
		long := out.pick(func(r request) bool { return r.took() >= lastSecond })
		short := out.pick(func(r request) bool { return r.took() < lastSecond })
		slow := len(short) == 0 || len(long) == 0 || latest(short).After(earliest(long))
		if slow && try+1 < bursts {
			continue
		}
		most := bound
		if slow {
			most *= span.Seconds()
		}
		fmt.Printf("%d at once to %s, over after %.1f s; the median of %d that took less than 1 s is %s ms\n", len(apps),
			what, span.Seconds(), len(short), ms(quantile(timesOf(short), .5)))
		for k, c := range replicas {
			waited := c.inStep + c.timeout
			if slow {
				waited = c.waitSeconds
			}
			fmt.Printf("  replica %d: %.0f waited, %.1f s together; %.0f found too many\n", k+1, c.inStep+c.timeout,
				c.waitSeconds, c.full)
			if waited > most {
				wrong = errors.Join(wrong, fmt.Errorf("%.0f requests to %s waited in replica %d", waited, what, k+1))
			}
		}
		return wrong, nil
	}
	return nil, nil
}

// inReplicas returns what each replica counted while something was done.
func (b *bed) inReplicas(ctx context.Context, do func() error) (all []counts, err error) {
	for i := range 2 {
		if i == 1 {
			if err := do(); err != nil {
				return nil, err
			}
		}
		for k, replica := range b.replicas {
			m, err := replica.Metrics(ctx)
			if err != nil {
				return nil, err
			}
			if now := (counts{}).plus(m); i == 0 {
				all = append(all, now)
			} else {
				all[k] = now.minus(all[k])
			}
		}
	}
	return all, nil
}

func latest(requests []request) (t time.Time) {
	for _, r := range requests {
		if r.ended.After(t) {
			t = r.ended
		}
	}
	return t
}

func earliest(requests []request) time.Time {
	t := time.Now()
	for _, r := range requests {
		if r.ended.Before(t) {
			t = r.ended
		}
	}
	return t
}

// keepAsking sends requests to apps until ctx is done, each client one a second, or one after the other if they take
// longer. What it returns waits for the last of them.
func (b *bed) keepAsking(ctx context.Context, apps []app, clients int, options ...string) (end func() error) {
	var all sync.WaitGroup
	errs := make([]error, clients)
	for k := range clients {
		all.Go(func() {
			next := time.Now().Add(time.Duration(k) * time.Second / time.Duration(clients))
			for errs[k] == nil && pause(ctx, time.Until(next)) == nil {
				next = time.Now().Add(time.Second)
				_, errs[k] = b.ask(context.WithoutCancel(ctx), apps[k%len(apps)], removal, options...)
			}
		})
	}
	return func() error {
		all.Wait()
		return errors.Join(errs...)
	}
}
