// Command peers compares an audit of files with conftest and gator, each as a process over the same
// folder: Aviary with no rule, with the weights rule alone and with every rule, the others with the
// weights rule alone. On a machine that others use too, trust processor times and memory rather
// than elapsed times.
package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := command().ExecuteContext(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// options say what is measured.
type options struct {
	sizes   []int
	formats []string
	limit   time.Duration
}

func command() *cobra.Command {
	var o options
	cmd := &cobra.Command{
		Use: "peers", Short: "Measure an audit of files beside conftest and gator",
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error { return peers(cmd.Context(), o) },
	}
	f := cmd.Flags()
	f.IntSliceVarP(&o.sizes, "objects", "n", []int{10_000, 100_000}, "how many objects, from the smallest")
	f.StringSliceVar(&o.formats, "formats", []string{"yaml", "json"},
		"how they are written: yaml (a file for each namespace), json (a file for each object)")
	f.DurationVar(&o.limit, "limit", 5*time.Minute, "when a program is stopped")
	return cmd
}

// peers measures all programs with all formats and sizes.
func peers(ctx context.Context, o options) error {
	folder, err := os.MkdirTemp("", "peers-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // because it is a temporary one.
	all, err := programs(ctx, folder)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(p program) bool {
		if p.err != nil {
			fmt.Printf("%s is left out: %v\n", p.name, p.err)
		}
		return p.err != nil
	})
	for _, format := range o.formats {
		t := table{format: format}
		for _, n := range o.sizes {
			files := filepath.Join(folder, fmt.Sprintf("%s-%d", format, n))
			if err := t.measure(ctx, all, files, n, o.limit); err != nil {
				return err
			}
		}
		if err := t.print(os.Stdout); err != nil {
			return err
		}
	}
	return nil
}
