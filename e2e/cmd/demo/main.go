// Command demo goes through the two-phased canary on a control plane of its own. After each step it
// shows what was applied, what Aviary wrote, and which version gets the traffic. Then it tries four
// steps that must be refused. It fails if any step doesn't behave as expected.
//
//	make demo
//	make demo KEEP=1    # leaves everything running
//	make demo-down
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// keepVariable names the environment variable that makes the demo leave everything running.
const keepVariable = "KEEP"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := newCommand().ExecuteContext(ctx)
	interrupted := ctx.Err() != nil
	stop()
	switch {
	case interrupted:
		fmt.Fprintln(os.Stderr, "interrupted; everything that was started is stopped")
		os.Exit(130)
	case err != nil:
		fmt.Fprintln(os.Stderr, "demo:", err)
		os.Exit(1)
	}
}

func newCommand() *cobra.Command {
	keep, _ := strconv.ParseBool(os.Getenv(keepVariable))
	cmd := &cobra.Command{
		Use:           "demo",
		Short:         "Go through the two-phased canary on a control plane of its own",
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return run(cmd.Context(), newScreen(os.Stdout), keep)
		},
	}
	cmd.Flags().BoolVar(&keep, "keep", keep, "leave everything running [$"+keepVariable+"=1]")
	cmd.AddCommand(
		&cobra.Command{
			Use:   "down",
			Short: "Stop what a demo with --keep left running",
			Args:  cobra.NoArgs,
			RunE:  func(*cobra.Command, []string) error { return down(newScreen(os.Stdout)) },
		},
		newNodes(),
	)
	return cmd
}

// run runs the whole demo.
func run(ctx context.Context, out *screen, keep bool) (err error) {
	began := time.Now()
	out.title("Aviary: the two-phased canary, on a control plane of its own")
	s, err := bringUp(ctx, out, keep)
	if err != nil {
		return err
	}
	kept := false
	defer func() {
		if !kept {
			err = errors.Join(err, s.close())
		}
	}()
	up := time.Since(began)
	if err := s.play(ctx); err != nil {
		out.failed(err, s.aviary.LogTail(5))
		return errors.New("the demo did not go as it must")
	}
	out.line("")
	out.line("%s", out.bold(fmt.Sprintf("All as it must be. %s to bring up, %s for six steps and four refusals.",
		seconds(up), seconds(time.Since(began)-up))))
	if kept = keep; kept {
		s.sayHowToGoOn()
	}
	return nil
}
