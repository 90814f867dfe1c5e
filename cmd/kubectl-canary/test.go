package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/policy"
	"aviary.dev/policy/judge/story"
)

func testCommand() *cobra.Command {
	var update bool
	c := &cobra.Command{
		Use:   "test FOLDER|STORY",
		Short: "Test a folder of custom rules, or have the built-in ones judge a story",
		Long: `Test a folder of custom rules: their Rego tests and their stories. Or have the built-in rules judge one story.

Each folder in FOLDER is a rule: <rule_id>.rego, <rule_id>_test.rego, and in testdata/ its stories, *.txtar: manifests,
a request, and the findings that it must lead to, of all rules together. FOLDER may also be the folder of one rule.

STORY is a file *.txtar: a request, what there was before it, and the findings. With --update it gets the findings that
admission would have, apart from what it overlooks because the old object had it, too, or because of an override.

Exit codes: 0 all pass; 1 some fail; 2 the folder holds no rules, or some that can't be read.`,
		Example: `  kubectl canary test policies/
  kubectl canary test policies/team-label --update    # write the findings into the stories, to be read as code
  kubectl canary test refused.txtar --update          # why was that request refused?`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return fmt.Errorf("say one folder of rules, or one story")
			}
			return nil
		},
		RunE: func(c *cobra.Command, args []string) error {
			kinds := newKinds(convention.DefaultLabelKeys())
			t := ruleTests{ctx: c.Context(), out: c.OutOrStdout(), kinds: kinds, update: update}
			if strings.HasSuffix(args[0], ".txtar") {
				return t.alone(args[0])
			}
			return t.run(args[0])
		},
	}
	c.Flags().BoolVar(&update, "update", false, "write what is found into the stories that expect something else")
	return c
}

type ruleTests struct {
	ctx    context.Context //nolint:containedctx // it lives as long as the call
	out    io.Writer
	kinds  *dialect.Kinds
	update bool
	config policy.Config
}

func (t *ruleTests) run(folder string) error {
	rules, folder, err := t.rulesIn(folder)
	if err != nil {
		return err
	}
	failed := 0
	for _, r := range rules {
		if !t.rule(r, filepath.Join(folder, r.ID)) {
			failed++
		}
	}
	switch {
	case t.ctx.Err() != nil:
		return t.ctx.Err()
	case len(rules) == 0:
		return inputError{folder + ": holds no rules; a rule is a folder with <rule_id>.rego in it"}
	case failed > 0:
		return found{}
	}
	return nil
}

// alone has the built-in rules judge a story.
func (t *ruleTests) alone(file string) error {
	s, err := story.Read(file, t.kinds)
	if err != nil {
		return inputError{file + ": " + err.Error()}
	}
	t.config = story.Config()
	if text := t.compare(s); text != "" {
		_, _ = fmt.Fprintf(t.out, "FAIL  %s  %s\n", file, text)
		return found{}
	}
	_, err = fmt.Fprintf(t.out, "ok    %s\n%s", file, s.Want)
	return err
}

// rulesIn reads the rules of a folder, or the one whose own folder it is. It returns the folder that
// the rules' own ones are in. All of them are in force while one is tested.
func (t *ruleTests) rulesIn(folder string) ([]policy.Rule, string, error) {
	folder = filepath.Clean(folder)
	only := ""
	if files, err := filepath.Glob(filepath.Join(folder, "*.rego")); err == nil && len(files) > 0 {
		absolute, err := filepath.Abs(folder)
		if err != nil {
			return nil, "", err
		}
		only, folder = filepath.Base(absolute), filepath.Join(folder, "..")
	} else if _, err := os.Stat(folder); err != nil {
		return nil, "", inputError{folder + ": no such folder"}
	}
	rules, err := policy.ReadFolder(folder, t.kinds)
	if err != nil {
		return nil, "", inputError(strings.Split(strings.TrimSpace(err.Error()), "\n"))
	}
	t.config = story.Config()
	t.config.CustomRules = rules
	others := func(r policy.Rule) bool { return only != "" && r.ID != only }
	return slices.DeleteFunc(slices.Clone(rules), others), folder, nil
}

// rule tests one rule and tells of it: a line, and beneath it one for each failure.
func (t *ruleTests) rule(r policy.Rule, folder string) bool {
	tests, failures := t.rego(r, folder)
	stories, err := filepath.Glob(filepath.Join(folder, "testdata", "*.txtar"))
	if err != nil {
		failures = append(failures, err.Error())
	}
	for _, file := range stories {
		if text := t.story(file); text != "" {
			failures = append(failures, file+": "+text)
		}
	}
	word := "ok  "
	if len(failures) > 0 {
		word = "FAIL"
	}
	ran := plural(tests, "Rego test", "Rego tests") + ", " + plural(len(stories), "story", "stories")
	_, _ = fmt.Fprintf(t.out, "%s  %s  %s\n", word, r.ID, ran)
	for _, f := range failures {
		_, _ = fmt.Fprintln(t.out, "      "+strings.ReplaceAll(f, "\n", "\n      "))
	}
	return len(failures) == 0
}

// rego runs a rule's Rego tests. It returns how many there are.
func (t *ruleTests) rego(r policy.Rule, folder string) (int, []string) {
	var failures []string
	tests, err := r.TestRego(t.ctx, folder)
	if err != nil {
		failures = append(failures, strings.TrimSpace(err.Error()))
	}
	for _, test := range tests {
		if test.Err != nil {
			failures = append(failures, fmt.Sprintf("%s: %s: %v", test.Location, test.Name, test.Err))
		}
	}
	return len(tests), failures
}

// story returns what is wrong with a story; empty if nothing is.
func (t *ruleTests) story(file string) string {
	s, err := story.Read(file, t.kinds)
	if err != nil {
		return err.Error()
	}
	return t.compare(s)
}

// compare returns how a story's findings differ from those that it expects; empty if they don't.
func (t *ruleTests) compare(s *story.Story) string {
	got, err := s.Tell(t.ctx, t.config)
	if err != nil {
		return err.Error()
	}
	if t.update && got != s.Want {
		err = s.Rewrite(got)
		s.Want = got
	}
	if err != nil {
		return err.Error()
	}
	if got == s.Want {
		return ""
	}
	diff := cmp.Diff(strings.Split(s.Want, "\n"), strings.Split(got, "\n"))
	return "findings (- expected, + found):\n" + strings.ReplaceAll(strings.TrimSpace(diff), "\u00a0", " ")
}

func plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}
