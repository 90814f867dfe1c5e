package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/internal/filelock"
)

var instanceName = regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`)

func addName(cmd *cobra.Command, name *string) {
	cmd.Flags().StringVar(name, "name", "default", "name of the control plane")
}

// instances returns the folder of all control planes.
func instances() (string, error) {
	cache, err := os.UserCacheDir()
	return filepath.Join(cache, "aviary", "instances"), err
}

// instanceDir returns the folder of one control plane.
func instanceDir(name string) (string, error) {
	if !instanceName.MatchString(name) {
		return "", fmt.Errorf("--name %q must be made of lower case letters, digits and '-', as in \"demo-1\"", name)
	}
	dir, err := instances()
	return filepath.Join(dir, name), err
}

// lockInstance locks a control plane for other commands until release is called.
func lockInstance(ctx context.Context, name string, progress io.Writer) (dir string, release func(), err error) {
	if dir, err = instanceDir(name); err != nil {
		return "", nil, err
	}
	release, err = filelock.Acquire(ctx, dir+".lock", func() {
		fmt.Fprintf(progress, "waiting for another command that starts or stops %s\n", name)
	})
	return dir, release, err
}

func newDown() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "down",
		Short: "Stop a control plane and remove its data",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, release, err := lockInstance(cmd.Context(), name, cmd.ErrOrStderr())
			if err != nil {
				return err
			}
			defer release()
			cp, err := controlplane.Open(dir)
			if errors.Is(err, fs.ErrNotExist) {
				fmt.Fprintf(cmd.ErrOrStderr(), "there is no control plane %s\n", name)
				return os.RemoveAll(dir) // Nothing was started there yet.
			}
			if err != nil {
				return err
			}
			if err := cp.Stop(); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "control plane %s is stopped\n", name)
			return nil
		},
	}
	addName(cmd, &name)
	return cmd
}

func newKubeconfig() *cobra.Command {
	var name string
	cmd := &cobra.Command{
		Use:   "kubeconfig",
		Short: "Print the path of a control plane's kubeconfig",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := instanceDir(name)
			if err != nil {
				return err
			}
			cp, err := controlplane.Open(dir)
			if errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("there is no control plane %s: start it with up --name=%s", name, name)
			}
			if err != nil {
				return err
			}
			fmt.Fprintln(cmd.OutOrStdout(), cp.Kubeconfig)
			return nil
		},
	}
	addName(cmd, &name)
	return cmd
}

func newList() *cobra.Command {
	return &cobra.Command{
		Use:   "list",
		Short: "List the control planes and how they are",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			dir, err := instances()
			if err != nil {
				return err
			}
			entries, err := os.ReadDir(dir)
			if err != nil && !errors.Is(err, fs.ErrNotExist) {
				return err
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			fmt.Fprintln(table, "NAME\tSTATUS\tKUBECONFIG")
			for _, entry := range entries {
				if !entry.IsDir() {
					continue // A lock.
				}
				status, kubeconfig := describe(filepath.Join(dir, entry.Name()))
				fmt.Fprintf(table, "%s\t%s\t%s\n", entry.Name(), status, kubeconfig)
			}
			return table.Flush()
		},
	}
}

// describe returns the status of the control plane in dir and the path of its kubeconfig.
func describe(dir string) (status, kubeconfig string) {
	cp, err := controlplane.Open(dir)
	switch {
	case err != nil:
		return "incomplete", ""
	case !complete(cp):
		return "broken", cp.Kubeconfig
	}
	return "running", cp.Kubeconfig
}
