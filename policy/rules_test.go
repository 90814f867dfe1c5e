package policy

import (
	"io/fs"
	"os"
	"path"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/format"
	"golang.org/x/tools/txtar"
)

// TestRuleFolders holds each folder to the form of README.md, so that a rule is found, tested and
// explained.
func TestRuleFolders(t *testing.T) {
	t.Parallel()
	rules := map[string]Rule{}
	for _, r := range Rules() {
		rules[r.ID] = r
	}
	list, err := os.ReadFile("../docs/rules.md")
	if err != nil {
		t.Fatal(err)
	}
	dirs, err := os.ReadDir("rules")
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range dirs {
		t.Run(dir.Name(), func(t *testing.T) {
			t.Parallel()
			rule, ok := rules[dir.Name()]
			if !ok {
				t.Fatal("the folder holds no rule")
			}
			if !regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`).MatchString(rule.ID) {
				t.Error("the id must be words with hyphens between")
			}
			headings := regexp.MustCompile(`(?m)^##? .*$`).FindAllString(rule.Page, -1)
			want := []string{"# " + rule.Title, "## Why", "## Bad", "## Good", "## Fix"}
			if diff := cmp.Diff(want, headings); diff != "" {
				t.Errorf("headings of README.md (-want +got)\n%s", diff)
			}
			if !strings.Contains(string(list), "["+rule.ID+"](../policy/rules/"+rule.ID+"/README.md)") {
				t.Error("docs/rules.md does not list it")
			}
			if strings.Count(rule.Page, "```yaml\n") < 1 {
				t.Error("README.md has no YAML")
			}
			test := path.Join("rules", rule.ID, strings.ReplaceAll(rule.ID, "-", "_")+"_test.rego")
			if _, err := os.Stat(test); err != nil {
				t.Error(err)
			}
			checkSources(t, rule.ID)
			checkStories(t, rule.ID)
		})
	}
}

// checkStories sees that the stories have the form that README.md says; the judge's tests run them.
func checkStories(t *testing.T, id string) {
	t.Helper()
	stories, err := fs.Glob(os.DirFS("rules/"+id+"/testdata"), "*.txtar")
	if err != nil || len(stories) < 2 {
		t.Errorf("must have two stories at least, has %v (%v)", stories, err)
	}
	bad, good := 0, 0
	for _, name := range stories {
		archive, err := txtar.ParseFile(path.Join("rules", id, "testdata", name))
		if err != nil {
			t.Fatal(err)
		}
		if len(strings.TrimSpace(string(archive.Comment))) == 0 {
			t.Errorf("%s: no comment says what it is about", name)
		}
		parts := map[string]string{}
		for _, f := range archive.Files {
			parts[f.Name] = string(f.Data)
		}
		findings, ok := parts["findings.txt"]
		if _, has := parts["objects.yaml"]; !has || !ok {
			t.Errorf("%s: needs objects.yaml and findings.txt", name)
		}
		if parts["request.yaml"] == "" && parts["old.yaml"] == "" {
			t.Errorf("%s: needs request.yaml, old.yaml, or both", name)
		}
		line := regexp.MustCompile(`^(deny|warn|audit) \S+: \[[a-z-]+\] .+; .+$`)
		for l := range strings.Lines(findings) {
			if !line.MatchString(strings.TrimSuffix(l, "\n")) {
				t.Errorf("%s: %q must be like: deny spec.routes[0]: [%s] message; fix", name, l, id)
			}
		}
		if strings.Contains(findings, "["+id+"]") {
			bad++
		} else {
			good++
		}
	}
	if bad == 0 || good == 0 {
		t.Errorf("must have a story in which the rule speaks and one in which it doesn't, has %d and %d", bad, good)
	}
}

// TestRego formats, compiles and runs each rule's Rego tests.
func TestRego(t *testing.T) {
	t.Parallel()
	for _, rule := range Rules() {
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			folder := path.Join("rules", rule.ID)
			files, err := fs.Glob(os.DirFS("."), path.Join(folder, "*.rego"))
			if err != nil {
				t.Fatal(err)
			}
			for _, file := range files {
				checkFormat(t, file)
			}
			tests, err := rule.TestRego(t.Context(), folder)
			if err != nil {
				t.Fatal(err)
			}
			for _, test := range tests {
				t.Run(test.Name, func(t *testing.T) {
					if test.Err != nil {
						t.Errorf("%s: %v", test.Location, test.Err)
					}
				})
			}
		})
	}
}

func checkFormat(t *testing.T, file string) {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	formatted, err := format.SourceWithOpts(file, source, format.Opts{})
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(source), string(formatted)); diff != "" {
		t.Errorf("%s is not as opa fmt writes it; make fmt rewrites it (-is +must be)\n%s", file, diff)
	}
	for n, line := range strings.Split(string(source), "\n") {
		if len(line) > 120 {
			t.Errorf("%s:%d: longer than 120 columns", file, n+1)
		}
	}
}

// checkSources holds a rule to a comment that says which files make the facts that it reads.
func checkSources(t *testing.T, id string) {
	t.Helper()
	rego, err := os.ReadFile(path.Join("rules", id, strings.ReplaceAll(id, "-", "_")+".rego"))
	if err != nil {
		t.Fatal(err)
	}
	comments := strings.Join(regexp.MustCompile(`(?m)^# .*$`).FindAllString(string(rego), -1), "\n")
	sources := regexp.MustCompile(`\b[a-z_]+\.go\b`).FindAllString(comments, -1)
	if len(sources) == 0 {
		t.Error("no comment says which files of policy/judge make its facts")
	}
	for _, file := range sources {
		if _, err := fs.Stat(os.DirFS("judge"), file); err != nil {
			t.Errorf("a comment names policy/judge/%s, which is not there", file)
		}
	}
}
