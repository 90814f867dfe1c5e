package main

import (
	"fmt"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/spf13/cobra"

	"aviary.dev/version"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Show which version this is, and of which Go",
		Args:  cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			_, err := fmt.Fprintln(c.OutOrStdout(), "aviary", version.Read())
			return err
		},
	}
}

// buildInfo returns a series that is always 1; its labels tell which replica runs which version.
func buildInfo() prometheus.Collector {
	b := version.Read()
	return prometheus.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "aviary_build_info", Help: "1, with the version of Aviary and that of the Go it was built with.",
		ConstLabels: prometheus.Labels{"version": b.Version, "go_version": b.Go},
	}, func() float64 { return 1 })
}
