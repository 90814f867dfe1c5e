package judge_test

import (
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/policy"
	"aviary.dev/policy/judge/story"
)

// byHand are words of fixes that change the object in which the fault stands.
var byHand = regexp.MustCompile(`\b(move it|split|label it|add a route|remove (it|methods|the)|route to|write one)\b`)

// possible is how other fixes begin.
var possible = regexp.MustCompile(`^(Aviary writes|leave it to Aviary, which writes) this \S+ from ` +
	`(aviary\.dev/[a-z-]+|the annotations) of Deployment (kept|echo)-v1\b`)

// TestAdviceOnWhatAviaryKeeps judges the objects of all rules' stories as if Aviary kept them for an app. No finding may
// ask for a change of what Aviary puts back: each names the Deployment.
func TestAdviceOnWhatAviaryKeeps(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../rules/*/testdata/*.txtar")
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]bool{}
	for _, file := range files {
		s, err := story.Read(file, glootest.Kinds())
		if err != nil {
			t.Fatal(err)
		}
		found, err := s.TellKept(t.Context(), story.Config(), "kept", "kept-v1")
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, f := range found {
			told[f.Rule] = true
			if strings.HasPrefix(f.Field, "metadata.annotations") {
				continue // Aviary leaves others' annotations alone, and says of its own that nobody may change them
			}
			if !possible.MatchString(f.Fix) || byHand.MatchString(f.Fix) {
				t.Errorf("%s: %s", file, f)
			}
		}
	}
	for _, r := range policy.Rules() {
		if !told[r.ID] && !slices.Equal(r.Subjects, []policy.Subject{policy.SubjectDeployment}) {
			t.Errorf("no story has a finding of %s about an object that could be kept", r.ID)
		}
	}
}
