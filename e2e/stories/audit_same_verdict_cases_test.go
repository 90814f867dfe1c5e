package stories

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
)

// verdictCase is a manifest of the corpus or a story of a rule. Its namespaces and domains are
// renamed, so that all cases can exist at once.
type verdictCase struct {
	name, id string
	// before are the objects that exist before the requests, after those that exist afterwards.
	before, after []*unstructured.Unstructured
	requests      []verdictRequest
	rules         []string // That the story expects.
	delegates     bool
	corpus        bool
}

// verdictRequest is an admission request: a CREATE if old is nil, a DELETE if new is nil.
type verdictRequest struct {
	old, new *unstructured.Unstructured
	user     string
	groups   []string
}

// object returns the object that the request is about.
func (r verdictRequest) object() *unstructured.Unstructured {
	if r.new != nil {
		return r.new
	}
	return r.old
}

// verdictCases reads the corpus and the rules' stories, but for those that this cluster can't show.
func verdictCases(t *testing.T) (cases []*verdictCase) {
	t.Helper()
	root, err := aviary.Root()
	if err != nil {
		t.Fatal(err)
	}
	corpus, _ := filepath.Glob(filepath.Join(root, "policy", "testdata", "corpus", "*.yaml"))
	stories, _ := filepath.Glob(filepath.Join(root, "policy", "rules", "*", "testdata", "*.txtar"))
	for i, file := range append(corpus, stories...) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if notHere(file, string(content)) {
			continue
		}
		c := &verdictCase{id: fmt.Sprintf("c%03d", i), delegates: strings.Contains(string(content), "delegateAction:")}
		if filepath.Ext(file) == ".txtar" {
			c.name = filepath.Base(filepath.Dir(filepath.Dir(file))) + "/" + filepath.Base(file)
			c.parseStory(t, txtar.Parse(content))
		} else {
			c.name = filepath.Base(file)
			c.corpus, c.before = true, decode(t, string(content))
			for _, o := range c.before {
				c.requests = append(c.requests,
					verdictRequest{new: o, user: "admin", groups: []string{"system:masters"}})
			}
			c.after = c.before
		}
		if !c.forEveryName() {
			c.isolate()
			cases = append(cases, c)
		}
	}
	if len(corpus) < 60 || len(stories) < 60 {
		t.Fatalf("%d manifests and %d stories are too few", len(corpus), len(stories))
	}
	return cases
}

var findingRule = regexp.MustCompile(`(?m)^(?:deny|warn) \S+: \[([a-z-]+)\]`)

// parseStory reads a rule's story.
func (c *verdictCase) parseStory(t *testing.T, archive *txtar.Archive) {
	t.Helper()
	r := verdictRequest{user: "admin", groups: []string{"system:masters"}}
	for _, f := range archive.Files {
		// The API server wants an image.
		text := strings.ReplaceAll(string(f.Data), "{name: echo, ports:", "{name: echo, image: http-echo, ports:")
		switch f.Name {
		case "objects.yaml":
			c.before = decode(t, text)
		case "old.yaml":
			r.old = decode(t, text)[0]
		case "request.yaml":
			r.new = decode(t, text)[0]
		case "author.txt":
			lines := strings.Split(strings.TrimSpace(text), "\n")
			if r.user = lines[0]; len(lines) < 4 {
				r.groups = nil // The author lacks a right.
			}
		case "findings.txt":
			for _, m := range findingRule.FindAllStringSubmatch(text, -1) {
				c.rules = append(c.rules, m[1])
			}
		}
	}
	c.requests = []verdictRequest{r}
	if c.after = slices.Clone(c.before); r.new != nil {
		c.after = append(c.after, r.new)
	}
	if r.old != nil {
		c.before = append(c.before, r.old)
	}
}
