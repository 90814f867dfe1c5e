// Command kubectl-canary is Aviary for people: kubectl finds it on the PATH and runs it as "kubectl canary".
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"
)

// Exit codes.
const (
	exitOK       = 0
	exitProblems = 1 // the manifests were read, and something in them is wrong
	exitUsage    = 2 // wrong flags, or input that can't be read
)

func main() { os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }

// run is the whole program.
func run(args []string, in io.Reader, out, messages io.Writer) int {
	c := root()
	c.SetArgs(args)
	c.SetIn(in)
	c.SetOut(out)
	c.SetErr(messages)
	ran, err := c.ExecuteContextC(context.Background())
	var found problems
	var unreadable inputError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &found), errors.As(err, &unreadable):
		_, _ = fmt.Fprintln(messages, err)
	default:
		_, _ = fmt.Fprintf(messages, "error: %v\nSee '%s --help'.\n", err, ran.CommandPath())
	}
	if found != nil {
		return exitProblems
	}
	return exitUsage
}

func root() *cobra.Command {
	c := &cobra.Command{
		Use:   "kubectl-canary",
		Short: "Safe canary rollouts from a few annotations",
		Long: `Safe canary rollouts from a few annotations.

A team writes one Deployment per version and annotates it; Aviary keeps the Service, the Gloo Upstream and the Gloo
RouteTable beside it. These commands show and check that without a cluster.

Exit codes: 0 all is well; 1 something in the manifests is wrong; 2 wrong flags, or input that can't be read.`,
		Example:       expandExample,
		Args:          cobra.NoArgs,
		Annotations:   map[string]string{cobra.CommandDisplayNameAnnotation: "kubectl canary"},
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE: func(c *cobra.Command, _ []string) error {
			return c.Help()
		},
	}
	c.AddCommand(expandCommand(), versionCommand())
	return c
}
