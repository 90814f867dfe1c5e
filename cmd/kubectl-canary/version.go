package main

import (
	"encoding/json"
	"fmt"
	"runtime"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// version and commit are set by -ldflags "-X main.version=… -X main.commit=…"; else the build's own record is shown.
var version, commit string

// build says what this binary was made of.
type build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit"`
	Modified bool   `json:"modified,omitempty"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func thisBuild() build {
	b := build{Version: version, Commit: commit, Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
	info, ok := debug.ReadBuildInfo()
	if ok && b.Version == "" {
		b.Version = info.Main.Version
	}
	for i := 0; ok && commit == "" && i < len(info.Settings); i++ {
		switch s := info.Settings[i]; s.Key {
		case "vcs.revision":
			b.Commit = s.Value
		case "vcs.modified":
			b.Modified = s.Value == "true"
		}
	}
	if b.Version == "" {
		b.Version = "(devel)"
	}
	if b.Commit == "" {
		b.Commit = "unknown"
	}
	return b
}

func versionCommand() *cobra.Command {
	var output string
	c := &cobra.Command{
		Use:   "version",
		Short: "Show which version this is",
		Example: `  kubectl canary version
  kubectl canary version -o json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			b := thisBuild()
			switch output {
			case "json":
				text, err := json.MarshalIndent(b, "", "  ")
				if err != nil {
					return err
				}
				_, err = fmt.Fprintln(c.OutOrStdout(), string(text))
				return err
			case "":
				changed := ""
				if b.Modified {
					changed = ", with changes"
				}
				_, err := fmt.Fprintf(c.OutOrStdout(), "kubectl canary %s (commit %s%s, %s, %s)\n", b.Version, b.Commit, changed, b.Go, b.Platform)
				return err
			}
			return fmt.Errorf("--output %q must be json, or absent for one line", output)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "", "json, or absent for one line")
	return c
}
