// Command bench compares Aviary with a webhook that only decodes the review and allows it. Both are
// measured alternately in one run: directly over TLS, and through a real API server, with many
// objects in Aviary's inventory and every rule on. On a machine that others use too, trust its
// ratios and paired differences rather than its milliseconds.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"aviary.dev/e2e/cmd/bench/waits"
	"aviary.dev/e2e/controlplane"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// options say how much is measured.
type options struct {
	objects, rounds, requests, connections int
}

func command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use: "bench", Short: "Measure Aviary beside an empty webhook",
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return bench(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.IntVarP(&o.objects, "objects", "n", 10000, "how many RouteTables and how many annotated Deployments there are")
	f.IntVar(&o.rounds, "rounds", 10, "how many rounds; each measures both webhooks")
	f.IntVar(&o.requests, "requests", 400, "how many requests of a kind a round sends to each")
	f.IntVar(&o.connections, "connections", 8, "how many connections the throughput is measured with")
	cmd.AddCommand(newEmpty(), waits.Command())
	return cmd
}

// bench runs all measurements.
func bench(ctx context.Context, o options) (err error) {
	cp, err := controlplane.Start(ctx, controlplane.Options{Progress: os.Stdout, WithoutControllers: true})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, cp.Stop()) }()
	f, err := newTestbed(ctx, cp)
	if err != nil {
		return err
	}
	if err := f.fill(ctx, o.objects); err != nil {
		return err
	}
	if err := f.start(ctx); err != nil {
		return err
	}
	if err := f.measureDirect(ctx, o); err != nil {
		return err
	}
	return f.measureThroughAPI(ctx, o)
}
