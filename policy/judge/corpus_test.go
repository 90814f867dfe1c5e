package judge_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

const (
	corpusPage = "../../docs/corpus.md"
	corpusHead = `# What is admitted

Each file of [policy/testdata/corpus](../policy/testdata/corpus) shows one feature of Gloo's API. Every routing object in
it is judged by all rules, with the file's other objects beside it, and none may be refused. Warnings are named.
Made by ` + "`go test ./policy/judge -run Corpus -update`" + `.

| feature | file | warnings |
|---|---|---|
`
)

// TestCorpus judges objects as people write them: what Gloo offers is refused only where a rule has a reason.
func TestCorpus(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../testdata/corpus/*.yaml")
	if err != nil || len(files) < 60 {
		t.Fatalf("the corpus has %d files, must have at least 60 (%v)", len(files), err)
	}
	config := policy.DefaultConfig()
	config.Defaults.APIGroup = "example"
	j, features := judgeOf(t, config), map[string]string{}
	var page strings.Builder
	page.WriteString(corpusHead)
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		line, _, _ := strings.Cut(string(text), "\n")
		feature, name := strings.TrimPrefix(line, "# "), filepath.Base(file)
		if other, ok := features[feature]; ok || feature == line {
			t.Errorf("%s: the first line must name a feature of its own, as \"# A prefix\" (%s)", name, other)
		}
		features[feature] = name
		fmt.Fprintf(&page, "| %s | %s | %s |\n", feature, name, strings.Join(judgeCorpus(t, j, name, text), ", "))
	}
	if *update {
		if err := os.WriteFile(corpusPage, []byte(page.String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	is, err := os.ReadFile(corpusPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(is), page.String()); diff != "" {
		t.Errorf("docs/corpus.md (-update rewrites it): -is +must be:\n%s", diff)
	}
}

// judgeCorpus judges a file's routing objects, created one after the other among the rest, and gives the rules that warn.
func judgeCorpus(t *testing.T, j *judge.Judge, name string, text []byte) []string {
	t.Helper()
	store, judged := inventory.NewStore(), 0
	facts := facts(t, text)
	for _, f := range facts {
		store.Put(f)
	}
	var warns []string
	for _, f := range facts {
		if _, ok := f.(*inventory.Table); !ok {
			continue
		}
		judged++
		findings, err := j.Judge(t.Context(), judge.Request{Operation: judge.Create, New: f}, store)
		if err != nil {
			t.Fatal(err)
		}
		for _, found := range findings {
			if found.Mode == policy.ModeDeny {
				t.Errorf("%s: %s %s: %s", name, f.Identity().Kind, f.Identity().Ref, found)
			}
			warns = append(warns, found.Rule)
		}
	}
	if judged == 0 {
		t.Errorf("%s holds no routing object", name)
	}
	slices.Sort(warns)
	return slices.Compact(warns)
}
