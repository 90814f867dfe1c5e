package stories

import (
	"errors"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/e2e/aviary"
)

// update is the flag that rewrites golden files and generated pages.
var update = flag.Bool("update", false, "write testdata/messages and the pages of docs instead of comparing them")

// golden compares a text with a file of testdata/messages, or writes that file with -update.
func (s *story) golden(name, text string) {
	s.Helper()
	path := filepath.Join("testdata", "messages", name+".txt")
	if *update {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil { //nolint:gosec // because it is no secret.
			s.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	s.must(err)
	if diff := cmp.Diff(string(want), text); diff != "" {
		s.Errorf("%s (-want +got)\n%s", name, diff)
	}
}

// compareDocs compares a generated page with the file in docs, or writes that file with -update.
func compareDocs(t *testing.T, name, text string) {
	t.Helper()
	root, err := aviary.Root()
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "docs", name)
	if *update {
		err := os.WriteFile(path, []byte(text), 0o644) //nolint:gosec // because a page is for everybody.
		if err != nil {
			t.Fatal(err)
		}
		return
	}
	got, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		t.Fatal(err)
	}
	if string(got) != text {
		t.Errorf("docs/%s is not what Aviary does; look at the difference, and write it with -update:\n%s",
			name, cmp.Diff(string(got), text))
	}
}
