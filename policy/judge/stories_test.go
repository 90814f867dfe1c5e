package judge_test

import (
	"flag"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/policy/judge/story"
)

var update = flag.Bool("update", false, "rewrite findings.txt of the stories")

// TestStories runs the rules' stories: whole manifests, and the findings that they must lead to, of
// all rules together.
func TestStories(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("../rules/*/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		name := filepath.Base(filepath.Dir(filepath.Dir(file))) + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := story.Read(file, glootest.Kinds())
			if err != nil {
				t.Fatal(err)
			}
			got, err := s.Tell(t.Context(), story.Config())
			if err != nil {
				t.Fatal(err)
			}
			if *update {
				if err := s.Rewrite(got); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(s.Want, got); diff != "" {
				t.Errorf("findings (-want +got):\n%s", diff)
			}
		})
	}
}
