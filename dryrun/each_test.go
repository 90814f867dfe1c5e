package dryrun_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dryrun"
	"aviary.dev/manifest"
)

// TestEach: documents and what can't be read come in the order of the files, whoever decodes them.
func TestEach(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(folder, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	long := strings.Repeat("long: 1\n---\n", 500)
	write("in/a.yaml", "a: 1\n---\na: 2\n")
	write("in/b.yaml", "# nothing\n")
	write("in/c.yaml", "c: 1\n")
	names := []string{
		write("long.yaml", long), filepath.Join(folder, "none.yaml"), filepath.Join(folder, "in"),
		write("empty.yaml", ""), write("last.yaml", "z: 1\n"),
	}
	var got []string
	dryrun.Each(t.Context(), dryrun.Source{Names: names}, func(d manifest.Document, inFolder bool) string {
		return fmt.Sprintf("%s %t", strings.TrimSpace(string(d.Text)), inFolder)
	}, func(text string) {
		got = append(got, text)
	}, func(err error, inFolder bool) {
		got = append(got, fmt.Sprintf("%s %t", strings.TrimPrefix(err.Error(), folder+"/"), inFolder))
	})
	want := make([]string, 500, 510)
	for i := range want {
		want[i] = "long: 1 false"
	}
	want = append(want, "none.yaml: no such file or folder false",
		"a: 1 true", "a: 2 true", "in/b.yaml: holds no object true", "c: 1 true",
		"empty.yaml: holds no object false", "z: 1 false")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// TestEachEnds: nothing more is read once the context has ended, and nothing hangs.
func TestEachEnds(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "x.yaml")
	if err := os.WriteFile(file, []byte(strings.Repeat("a: 1\n---\n", 100_000)), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	taken := 0
	one := func(manifest.Document, bool) int { return 1 }
	dryrun.Each(ctx, dryrun.Source{Names: []string{file, file}}, one, func(n int) {
		taken += n
		cancel()
	}, func(err error, _ bool) {
		t.Errorf("failed: %v", err)
	})
	if taken == 0 || taken == 200_000 {
		t.Errorf("took %d documents", taken)
	}
}
