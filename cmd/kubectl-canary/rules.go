package main

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

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

// catalog gives the rules of a configuration with the modes in force; with built-in defaults if there is no file.
func catalog(c *cobra.Command, file string) ([]policy.Rule, []ruleInfo, error) {
	config, err := loadConfig(file, c.ErrOrStderr())
	if err != nil {
		return nil, nil, err
	}
	engine, err := policy.New(c.Context(), config)
	if err != nil {
		return nil, nil, inputError{[]string{err.Error()}}
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

func loadConfig(file string, messages io.Writer) (policy.Config, error) {
	if file == "" {
		return policy.DefaultConfig(), nil
	}
	config, err := policy.LoadConfig(file)
	if err != nil {
		return config, inputError{strings.Split(err.Error(), "\n")}
	}
	for _, w := range config.Warnings(time.Now()) {
		_, _ = fmt.Fprintln(messages, "warning: "+file+": "+w)
	}
	return config, nil
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
			e := json.NewEncoder(c.OutOrStdout())
			e.SetIndent("", "  ")
			e.SetEscapeHTML(false)
			return e.Encode(infos)
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

func explainCommand() *cobra.Command {
	var config string
	c := &cobra.Command{
		Use:   "explain RULE",
		Short: "Explain a rule: why, what is bad, what is good, how to fix it",
		Example: `  kubectl canary explain weights-sum
  kubectl canary rules    # what rules there are`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("say one rule, for example weights-sum; 'kubectl canary rules' lists them")
			}
			return nil
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			rules, _, err := catalog(c, config)
			if err != nil || len(args) > 0 {
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
			var out []string
			for _, r := range rules {
				out = append(out, r.ID+"\t"+r.Title)
			}
			return out, cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			rules, _, err := catalog(c, config)
			if err != nil {
				return err
			}
			var ids []string
			for _, r := range rules {
				if r.ID == args[0] {
					return explain(c.OutOrStdout(), r)
				}
				ids = append(ids, r.ID)
			}
			hint := "'kubectl canary rules' lists them"
			if near := convention.Nearest(args[0], ids); near != "" {
				hint = "did you mean " + near + "?"
			}
			return inputError{[]string{fmt.Sprintf("there is no rule %q; %s", args[0], hint)}}
		},
	}
	c.Flags().StringVar(&config, "config", "", "Aviary's configuration file, for rules of your own")
	return c
}

// explain prints the rule's page; a rule of one's own may have none.
func explain(out io.Writer, r policy.Rule) error {
	page := r.Page
	if page == "" {
		page = "# " + r.Title + "\n\n" + r.Description + "\n"
	}
	_, err := io.WriteString(out, page)
	return err
}
