// Package waits measures how requests wait for their app's RouteTable: how many wait and for how long, whether any is
// refused though its table lets it pass, and what those that wait cost the others.
package waits

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/wait"
)

// options say how much is measured.
type options struct {
	apps, clients, rounds, requests int
}

// Command returns the command that measures and fails if a wait is not as promised. Ratios of times fail nothing.
func Command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use: "waits", Short: "Measure how requests wait for their app's RouteTable", Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return run(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.IntVarP(&o.apps, "apps", "n", 1000, "how many apps are applied at once")
	f.IntVar(&o.clients, "clients", 64, "how many clients apply them")
	f.IntVar(&o.rounds, "rounds", 6, "how many rounds compare other requests with and without those that wait")
	f.IntVar(&o.requests, "requests", 600, "how many of those requests a round sends in each of its parts")
	return cmd
}

// run runs all parts, and returns what was not as promised.
func run(ctx context.Context, o options) (err error) {
	b, err := start(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.cp.Stop()) }()
	watching, stop := context.WithCancel(ctx)
	defer stop() // Before the API server is gone.
	seen, err := b.followTables(watching)
	if err != nil {
		return err
	}
	wrong, err := b.measure(ctx, o, seen)
	return errors.Join(err, wrong)
}

// measure runs all parts. What was not as promised is wrong.
func (b *bed) measure(ctx context.Context, o options, seen *revisions) (wrong, err error) {
	for _, part := range []struct {
		what, prefix string
		beside       func(context.Context) error
	}{
		{"applied at once", "calm", nil},
		{"the same while Aviary is updated and reloaded", "update", b.update},
	} {
		out, err := b.roll(ctx, o, part.prefix, part.beside)
		if err != nil {
			return wrong, err
		}
		wrong = errors.Join(wrong, b.report(part.what, out, seen))
	}
	if err := b.reportReads(); err != nil {
		return wrong, err
	}
	apps, err := b.block(ctx, o.clients)
	if err != nil {
		return wrong, err
	}
	for _, check := range []func(context.Context, []app) (error, error){b.dryRuns, b.bounds} {
		found, err := check(ctx, apps)
		if wrong = errors.Join(wrong, found); err != nil {
			return wrong, err
		}
	}
	return wrong, b.others(ctx, o, apps)
}

// pause waits for a time, or until ctx is done.
func pause(ctx context.Context, span time.Duration) error {
	timer := time.NewTimer(span)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// poll tries until it is true.
func poll(ctx context.Context, limit time.Duration, what string, try wait.ConditionFunc) error {
	if err := wait.PollUntilContextTimeout(ctx, again, limit, true, try.WithContext()); err != nil {
		return fmt.Errorf("wait for %s: %w", what, err)
	}
	return nil
}
