// Command bomb measures what one tenant's objects cost the requests of others. Two control planes run side by side,
// each with Aviary as it is shipped: on one a tenant has thousands of objects, or few large ones, that were there
// before Aviary could refuse them. The same requests of another tenant go to both in turn. It fails if they take more
// than twice as long at the 99th percentile, if Aviary's memory comes within a fifth of its limit, if it is not ready
// 10 s after its start, or if a tenant may make more of what the rule size-limits bounds.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bomb:", err)
		os.Exit(1)
	}
}

// options say how large the bomb is and how much is measured.
type options struct {
	objects, parts, rounds, requests int
	variants                         []string
}

func command() *cobra.Command {
	var o options
	var names, bounded []string
	for _, v := range variants {
		if names = append(names, v.name); !v.unbounded {
			bounded = append(bounded, v.name)
		}
	}
	cmd := &cobra.Command{
		Use: "bomb", Short: "Measure what one tenant's objects cost others",
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return bomb(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.IntVar(&o.objects, "objects", 520, "how many objects the tenant has")
	f.IntVar(&o.parts, "parts", 600, "how many delegations, routes, matchers or labels each has")
	f.IntVar(&o.rounds, "rounds", 5, "how many rounds")
	f.IntVar(&o.requests, "requests", 200, "how many requests of a kind a round sends to each control plane")
	f.StringSliceVar(&o.variants, "variants", bounded, "what the objects are: "+strings.Join(names, ", "))
	return cmd
}

// bomb tries each variant on control planes of its own.
func bomb(ctx context.Context, o options) (err error) {
	for _, v := range variants {
		if slices.Contains(o.variants, v.name) {
			fmt.Printf("\n%d %s of %d %s each\n", o.objects, v.kind, o.parts, v.name)
			if failed := try(ctx, v, o); failed != nil {
				err = errors.Join(err, fmt.Errorf("%s: %w", v.name, failed))
			}
		}
	}
	return err
}

// try measures one variant.
func try(ctx context.Context, v variant, o options) (err error) {
	shipped, err := readLimits()
	if err != nil {
		return err
	}
	var worlds [2]*world // without the bomb, and with it
	for i := range worlds {
		w, failed := open(ctx, shipped)
		if failed != nil {
			return failed
		}
		defer func() { err = errors.Join(err, w.cp.Stop()) }()
		worlds[i] = w
	}
	with := worlds[1]
	if err := with.plant(ctx, v, o); err != nil {
		return err
	}
	for _, w := range worlds {
		if err := w.restart(ctx); err != nil {
			return err
		}
	}
	fmt.Printf("ready %.1f s after its start, %.1f s without\n", with.ready.Seconds(), worlds[0].ready.Seconds())
	if with.ready > maxStart {
		err = fmt.Errorf("it was ready after %s, must be within %s", with.ready, maxStart)
	}
	if v.refused {
		err = errors.Join(err, with.mustRefuse(ctx, v, o))
	}
	return errors.Join(err, compare(ctx, worlds, o), with.memory(shipped))
}
