package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"aviary.dev/convention"
	"aviary.dev/policy"
)

// ruleInfo is what "rules" tells of one rule; mode and parameters are those in force.
type ruleInfo struct {
	ID         string         `json:"id"`
	Title      string         `json:"title"`
	Mode       policy.Mode    `json:"mode"`
	Parameters map[string]any `json:"parameters,omitempty"`
	Source     string         `json:"source"`
}

// catalog returns the rules of a configuration with the modes in force; with built-in defaults if
// there is no file.
func catalog(c *cobra.Command, file string) ([]policy.Rule, []ruleInfo, error) {
	config, err := loadConfig(file, newKinds(convention.DefaultLabelKeys()), c.ErrOrStderr())
	if err != nil {
		return nil, nil, err
	}
	engine, err := newEngine(c.Context(), config)
	if err != nil {
		return nil, nil, err
	}
	rules := engine.Rules()
	infos := make([]ruleInfo, 0, len(rules))
	for _, r := range rules {
		info := ruleInfo{ID: r.ID, Title: r.Title, Mode: engine.Mode(r.ID), Source: r.Source}
		if values := maps.Clone(r.Defaults()); len(values) > 0 {
			maps.Copy(values, config.Rules[r.ID].Params)
			info.Parameters = values
		}
		infos = append(infos, info)
	}
	return rules, infos, nil
}

func rulesCommand() *cobra.Command {
	var output, config string
	c := &cobra.Command{
		Use:   "rules",
		Short: "List the rules, with their modes and parameters",
		Example: `  kubectl canary rules
  kubectl canary rules --config aviary.yaml -o json`,
		Args: cobra.NoArgs,
		RunE: func(c *cobra.Command, _ []string) error {
			if output != "table" && output != "json" {
				return fmt.Errorf("--output %q must be table or json", output)
			}
			_, infos, err := catalog(c, config)
			if err != nil {
				return err
			}
			if output == "table" {
				return rulesTable(c.OutOrStdout(), infos)
			}
			return writeJSON(c.OutOrStdout(), infos)
		},
	}
	c.Flags().StringVarP(&output, "output", "o", "table", "table or json")
	c.Flags().StringVar(&config, "config", "", "Aviary's configuration file; built-in defaults without it")
	complete(c, "output", "table", "json")
	return c
}

func rulesTable(out io.Writer, infos []ruleInfo) error {
	w := tabwriter.NewWriter(out, 0, 0, 3, ' ', 0)
	_, _ = fmt.Fprintln(w, "RULE\tMODE\tSOURCE\tPARAMETERS\tTITLE")
	for _, r := range infos {
		params := make([]string, 0, len(r.Parameters))
		for _, name := range slices.Sorted(maps.Keys(r.Parameters)) {
			value, err := json.Marshal(r.Parameters[name])
			if err != nil {
				return err
			}
			params = append(params, name+"="+string(value))
		}
		if len(params) == 0 {
			params = []string{"-"}
		}
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\n", r.ID, r.Mode, r.Source, strings.Join(params, " "), r.Title)
	}
	return w.Flush()
}
