package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"aviary.dev/version"
)

func versionCommand() *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "version",
		Short: "Show which version this is",
		Example: `  kubectl canary version
  kubectl canary version -o json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			switch output {
			case "json":
				text, err := json.MarshalIndent(version.Read(), "", "  ")
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(c.OutOrStdout(), string(text))
				return err
			case "":
				_, err := fmt.Fprintln(c.OutOrStdout(), "kubectl canary", version.Read())
				return err
			}
			return fmt.Errorf("--output %q must be json, or absent for one line", output)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "json, or absent for one line")
	return c
}
