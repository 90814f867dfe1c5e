// Command kubectl-canary is Aviary for people: kubectl finds it on the PATH and runs it as "kubectl canary".
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitOK       = 0
	exitFindings = 1 // the manifests were read, and something in them is wrong
	exitUsage    = 2 // wrong flags, or input that can't be read
	// exitInterrupted is what a shell returns for a program that SIGINT ended.
	exitInterrupted = 130
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// grace is how long an interrupted command may take to end by itself; one that waits for stdin never would.
const grace = time.Second

// run is the whole program.
func run(ctx context.Context, args []string, in io.Reader, out, messages io.Writer) int {
	done := make(chan int, 1)
	go func() { done <- execute(ctx, args, in, out, messages) }()
	select {
	case code := <-done:
		return code
	case <-ctx.Done():
	}
	select {
	case code := <-done:
		if code != exitInterrupted {
			return code // it was ready by then
		}
	case <-time.After(grace):
	}
	_, _ = fmt.Fprintln(messages, "error: interrupted before the end; what was written, if anything, is not all")
	return exitInterrupted
}

func execute(ctx context.Context, args []string, in io.Reader, out, messages io.Writer) int {
	c := root() //nolint:contextcheck // a command has the context that it is executed with
	c.SetArgs(args)
	c.SetIn(in)
	c.SetOut(out)
	c.SetErr(messages)
	ran, err := c.ExecuteContextC(ctx)
	var wrong refused
	var unread inputError
	switch {
	case err == nil:
		return exitOK
	case ctx.Err() != nil:
		return exitInterrupted
	case errors.As(err, &found{}):
		return exitFindings
	case errors.As(err, &wrong), errors.As(err, &unread):
		_, _ = fmt.Fprintln(messages, err)
	default:
		_, _ = fmt.Fprintf(messages, "error: %v\nSee '%s --help'.\n", err, ran.CommandPath())
	}
	if wrong != nil {
		return exitFindings
	}
	return exitUsage
}

func root() *cobra.Command {
	c := &cobra.Command{
		Use:   "kubectl-canary",
		Short: "Safe canary rollouts from a few annotations",
		Long: `Safe canary rollouts from a few annotations.

A team writes one Deployment per version and annotates it; Aviary keeps the Service, the Gloo Upstream and the Gloo
RouteTable beside it. These commands show and check that, most of them without a cluster.

Exit codes: 0 all is well; 1 something in the manifests is wrong; 2 wrong flags, or input that can't be read.`,
		Example:       expandExample + "\n\n" + auditExample,
		Args:          cobra.NoArgs,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl canary"},
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, _ []string) error {
			return c.Help()
		},
	}
	c.AddCommand(auditCommand(), expandCommand(), rulesCommand(), explainCommand(), testCommand(), versionCommand())
	return c
}
