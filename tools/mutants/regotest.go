package main

import (
	"context"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing/fstest"
	"time"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/policy"
	"aviary.dev/policy/judge/story"
)

// regoLimit is how long the tests of one rule may take.
const regoLimit = 30 * time.Second

// rulesFolder is where the rules are, below the root.
const rulesFolder = "policy/rules"

// ruleTests are a rule's tests: those in Rego, then its stories.
type ruleTests struct {
	rule    policy.Rule
	all     fstest.MapFS // the files of all rules
	name    string       // of the rule's file in it
	test    []byte       // its Rego tests
	stories []*story.Story
}

// regoMutants finds those of the rules named.
func regoMutants(root string, wanted func(string) bool) ([]*mutant, error) {
	files, err := readRuleFiles(filepath.Join(root, rulesFolder))
	if err != nil {
		return nil, err
	}
	var all []*mutant
	for _, rule := range policy.Rules() {
		if !wanted(rule.ID) {
			continue
		}
		t, err := readTests(root, rule, files)
		if err != nil {
			return nil, err
		}
		found, err := findRego(t.name, files[t.name].Data)
		if err != nil {
			return nil, err
		}
		for _, f := range found {
			all = append(all, &mutant{
				group: rule.ID, file: rulesFolder + "/" + t.name, in: f.in, line: f.line, change: f.change,
				test: func(ctx context.Context) (outcome, error) { return t.run(ctx, f.source), nil },
			})
		}
	}
	return all, nil
}

// readRuleFiles reads what an engine reads of the rules.
func readRuleFiles(folder string) (fstest.MapFS, error) {
	files := fstest.MapFS{}
	return files, fs.WalkDir(os.DirFS(folder), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, "_test.rego") || filepath.Ext(name) == ".txtar" {
			return err
		}
		text, err := os.ReadFile(filepath.Join(folder, name)) // #nosec G304 -- a file of ours
		files[name] = &fstest.MapFile{Data: text}
		return err
	})
}

// kinds are those that stories speak of.
var kinds = glootest.Kinds()

func readTests(root string, rule policy.Rule, files fstest.MapFS) (*ruleTests, error) {
	name := rule.ID + "/" + strings.ReplaceAll(rule.ID, "-", "_")
	test, err := os.ReadFile(filepath.Join(root, rulesFolder, name+"_test.rego")) // #nosec G304 -- a file of ours
	if err != nil {
		return nil, err
	}
	t := &ruleTests{rule: rule, all: files, name: name + ".rego", test: test}
	names, err := filepath.Glob(filepath.Join(root, rulesFolder, rule.ID, "testdata", "*.txtar"))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		s, err := story.Read(name, kinds)
		if err != nil {
			return nil, err
		}
		t.stories = append(t.stories, s)
	}
	return t, nil
}

// run tests a module in place of the rule's own.
func (t *ruleTests) run(ctx context.Context, source []byte) outcome {
	ctx, cancel := context.WithTimeout(ctx, regoLimit)
	defer cancel()
	folder, err := os.MkdirTemp("", "mutants-")
	if err != nil {
		return stillborn
	}
	defer os.RemoveAll(folder) //nolint:errcheck // it is a temporary one
	if os.WriteFile(filepath.Join(folder, "rule.rego"), source, 0o600) != nil ||
		os.WriteFile(filepath.Join(folder, "rule_test.rego"), t.test, 0o600) != nil {
		return stillborn
	}
	results, err := t.rule.TestRego(ctx, folder)
	switch {
	case ctx.Err() != nil:
		return killed
	case err != nil:
		return stillborn
	}
	for _, r := range results {
		if r.Err != nil {
			return killed
		}
	}
	return t.tell(ctx, source)
}

// tell runs the stories. Most have the same configuration, for which an engine is made once.
func (t *ruleTests) tell(ctx context.Context, source []byte) outcome {
	files := maps.Clone(t.all)
	files[t.name] = &fstest.MapFile{Data: source}
	var last policy.Config
	var engine *policy.Engine
	compile := func(ctx context.Context, c policy.Config) (_ *policy.Engine, err error) {
		if engine == nil || !reflect.DeepEqual(last, c) {
			last = c
			engine, err = policy.NewFrom(ctx, c, files)
		}
		return engine, err
	}
	for _, s := range t.stories {
		got, err := s.TellWith(ctx, story.Config(), compile)
		if err != nil || got != s.Want {
			return killed
		}
	}
	return survived
}
