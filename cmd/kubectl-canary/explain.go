package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"aviary.dev/audit"
	"aviary.dev/convention"
	"aviary.dev/policy"
)

func explainCommand() *cobra.Command {
	var config string
	c := &cobra.Command{
		Use:   "explain RULE",
		Short: "Explain a rule: why, what is bad, what is good, how to fix it",
		Example: `  kubectl canary explain weights-sum
  kubectl canary rules    # what rules there are`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return errors.New("say one rule, for example weights-sum; 'kubectl canary rules' lists them")
			}
			return nil
		},
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
			return ruleCompletions(c, config, args), cobra.ShellCompDirectiveNoFileComp
		},
		RunE: func(c *cobra.Command, args []string) error {
			rules, _, err := catalog(c, config)
			if err != nil {
				return err
			}
			return explain(c.OutOrStdout(), append(rules, audit.Readable()), args[0])
		},
	}
	c.Flags().StringVar(&config, "config", "", "Aviary's configuration file, for custom rules")
	return c
}

func ruleCompletions(c *cobra.Command, config string, args []string) []string {
	rules, _, err := catalog(c, config)
	if err != nil || len(args) > 0 {
		return nil
	}
	var out []string
	for _, r := range append(rules, audit.Readable()) {
		out = append(out, r.ID+"\t"+r.Title)
	}
	return out
}

// explain prints the page of a rule; a custom rule may have none.
func explain(out io.Writer, rules []policy.Rule, id string) error {
	var ids []string
	for _, r := range rules {
		if r.ID == id {
			_, err := io.WriteString(out, page(r))
			return err
		}
		ids = append(ids, r.ID)
	}
	hint := "'kubectl canary rules' lists them"
	if near := convention.Nearest(id, ids); near != "" {
		hint = "did you mean " + near + "?"
	}
	return inputError{fmt.Sprintf("there is no rule %q; %s", id, hint)}
}

func page(r policy.Rule) string {
	if r.Page != "" {
		return r.Page
	}
	return "# " + r.Title + "\n\n" + r.Description + "\n"
}
