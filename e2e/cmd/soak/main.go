// Command soak runs Aviary on a local control plane under a stream of rollouts and deletions, and
// fails if its memory or its goroutines grow.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/client-go/dynamic"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "soak:", err)
		os.Exit(1)
	}
}

func command() *cobra.Command {
	var length time.Duration
	var teams int
	cmd := &cobra.Command{
		Use: "soak", Short: "Run Aviary under load for some minutes and see whether it grows",
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return soak(cmd.Context(), length, teams) },
	}
	cmd.Flags().DurationVar(&length, "for", 5*time.Minute, "how long, after a first fifth of it that is not measured")
	cmd.Flags().IntVar(&teams, "teams", 4, "how many teams roll out side by side")
	return cmd
}

// soak runs the teams and compares Aviary's size before and after.
func soak(ctx context.Context, length time.Duration, teams int) (err error) {
	cp, err := controlplane.Start(ctx, controlplane.Options{Progress: os.Stdout})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cp.Stop()) }()
	instance, err := aviary.Install(ctx, cp, aviary.Options{Progress: os.Stdout})
	if err != nil {
		return err
	}
	objects, err := dynamic.NewForConfig(quiet(cp.Config()))
	if err != nil {
		return err
	}
	fmt.Printf("%d teams roll out for %s, after %s to get warm\n", teams, length, length/5)
	var rollouts, again atomic.Int64
	run := func(span time.Duration) error {
		ctx, cancel := context.WithTimeout(ctx, span)
		defer cancel()
		var all sync.WaitGroup
		errs := make([]error, teams)
		for i := range teams {
			all.Go(func() {
				team := team{objects: objects, namespace: fmt.Sprintf("team-%d", i), again: &again}
				errs[i] = team.work(ctx, &rollouts)
			})
		}
		all.Wait()
		return errors.Join(errs...)
	}
	if err := run(length / 5); err != nil {
		return err
	}
	before, err := settled(ctx, instance)
	if err != nil {
		return err
	}
	fmt.Printf("warm after %d rollouts: %s\n", rollouts.Swap(0), before)
	if err := run(length); err != nil {
		return err
	}
	after, err := settled(ctx, instance)
	if err != nil {
		return err
	}
	fmt.Printf("at the end, after %d rollouts more: %s\n", rollouts.Load(), after)
	fmt.Printf("%d requests were made again because they got no verdict in time\n", again.Load())
	return after.grownSince(before)
}
