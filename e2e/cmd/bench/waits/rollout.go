package waits

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// How long an app may take until its last step is admitted, and how long a client waits until it tries again what was
// refused.
const (
	patience = 2 * time.Minute
	again    = 200 * time.Millisecond
)

// deed is a step that the app's table must let pass.
type deed string

const (
	promotion deed = "promotion of v2"
	removal   deed = "DELETE of v1"
)

// request is a request that may wait, and its answer. Denial is "" if it was admitted.
type request struct {
	app          app
	deed         deed
	began, ended time.Time
	denial       string
}

func (r request) took() time.Duration { return r.ended.Sub(r.began) }

// byTable reports whether the denial is one that the table's lag is the reason of.
func (r request) byTable() bool { return strings.Contains(r.denial, "still gives") }

// outcome is what became of the rollouts of many apps.
type outcome struct {
	mu       sync.Mutex
	requests []request
	apps     int
	// applied is when the last app was applied, beside when what went on beside was over, done when the last rollout was.
	applied, beside, done time.Duration
	counts                counts
	// undecided and unanswered are how many requests Aviary had no time for, or did not answer.
	undecided, unanswered int64
}

// roll applies apps at once and takes each through its rollout, without waiting for a table. Something may go on
// beside.
func (b *bed) roll(
	ctx context.Context, o options, prefix string, beside func(context.Context) error,
) (out *outcome, err error) {
	apps := appsOf(prefix, o.apps, inOne)
	if err := b.openNamespaces(ctx, apps, "free"); err != nil {
		return nil, err
	}
	before, err := b.count(ctx)
	if err != nil {
		return nil, err
	}
	b.undecided.Store(0)
	b.unanswered.Store(0)
	out = &outcome{apps: len(apps)}
	began := time.Now()
	both, ctx := errgroup.WithContext(ctx)
	both.Go(func() error {
		if err := each(ctx, apps, o.clients, b.apply); err != nil {
			return err
		}
		out.applied = time.Since(began)
		err := each(ctx, apps, o.clients, func(ctx context.Context, a app) error { return b.rollOut(ctx, a, out) })
		out.done = time.Since(began)
		return err
	})
	if beside != nil {
		both.Go(func() error {
			err := beside(ctx)
			out.beside = time.Since(began)
			return err
		})
	}
	if err := both.Wait(); err != nil {
		return nil, err
	}
	after, err := b.count(context.WithoutCancel(ctx)) // The group's context ends with it.
	out.counts, out.undecided, out.unanswered = after.minus(before), b.undecided.Load(), b.unanswered.Load()
	return out, err
}

// each does something to all apps, with some clients.
func each(ctx context.Context, apps []app, clients int, do func(context.Context, app) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(clients)
	for _, a := range apps {
		group.Go(func() error { return do(ctx, a) })
	}
	return group.Wait()
}

// apply creates both versions of an app.
func (b *bed) apply(ctx context.Context, a app) error {
	if err := b.deploy(ctx, a, "v1", "primary"); err != nil {
		return err
	}
	return b.deploy(ctx, a, "v2", "canary")
}

// rollOut takes an app from its first canary to the end of v1.
func (b *bed) rollOut(ctx context.Context, a app, out *outcome) error {
	for _, weight := range []string{"50", "100"} {
		if err := b.decided(ctx, func() error { return b.say(ctx, a, "weight", weight) }); err != nil {
			return fmt.Errorf("weight %s of %s: %w", weight, a, err)
		}
	}
	if err := b.until(ctx, a, promotion, out, func() error { return b.say(ctx, a, "role", "primary") }); err != nil {
		return err
	}
	return b.until(ctx, a, removal, out, func() error {
		if err := b.remove(ctx, a); !apierrors.IsNotFound(err) {
			return err
		}
		return nil // The answer to an earlier try was lost.
	})
}

// until sends a request until it is admitted.
func (b *bed) until(ctx context.Context, a app, what deed, out *outcome, send func() error) error {
	for first := time.Now(); ; {
		r := request{app: a, deed: what, began: time.Now()}
		err := send()
		r.ended = time.Now()
		switch {
		case b.noVerdict(err):
		case err != nil && !denied(err):
			return fmt.Errorf("%s of %s: %w", what, a, err)
		default:
			if err != nil {
				r.denial = err.Error()
			}
			out.add(r)
		}
		if err == nil {
			return nil
		}
		if time.Since(first) > patience {
			return fmt.Errorf("%s of %s is not admitted after %s: %w", what, a, patience, err)
		}
		if err := pause(ctx, again); err != nil {
			return err
		}
	}
}

func (o *outcome) add(r request) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.requests = append(o.requests, r)
}

// pick returns some of the requests.
func (o *outcome) pick(fits func(request) bool) []request {
	return slices.DeleteFunc(slices.Clone(o.requests), func(r request) bool { return !fits(r) })
}

// denied reports whether Aviary refused.
func denied(err error) bool {
	return apierrors.IsInvalid(err) && strings.Contains(err.Error(), "admission webhook")
}

// noVerdict reports whether Aviary had no time to decide, or did not answer, and counts it.
func (b *bed) noVerdict(err error) bool {
	switch {
	case err == nil:
		return false
	case strings.Contains(err.Error(), "aviary could not decide"):
		b.undecided.Add(1)
	case strings.Contains(err.Error(), "failed calling webhook"),
		strings.Contains(err.Error(), "defaulting webhook was not called"):
		b.unanswered.Add(1)
	default:
		return false
	}
	return true
}

// decided sends a request until it gets a verdict.
func (b *bed) decided(ctx context.Context, send func() error) error {
	for first := time.Now(); ; {
		err := send()
		if !b.noVerdict(err) || time.Since(first) > patience {
			return err
		}
		if err := pause(ctx, again); err != nil {
			return err
		}
	}
}
