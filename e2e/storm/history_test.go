package storm_test

import (
	"flag"
	"path/filepath"
	"testing"

	"aviary.dev/e2e/storm"
)

var history = flag.String("history", "", "the absolute path of a storm's history, to judge it again")

// TestHistory judges a history that a storm kept, and one that was written and read again.
func TestHistory(t *testing.T) {
	t.Parallel()
	path := *history
	if path == "" {
		path = filepath.Join(t.TempDir(), "history.json")
		v1, v2 := version("v1", "primary", 0, 1), version("v2", "canary", 50, 1)
		lags := table("v1 0, v2 100", "v1 primary, v2 canary 100", "v1")
		h := judged{arrived(is(v1), is(v2), lags), 5, 6, "", remove("v2"), true}.history()
		if err := storm.Write(path, []storm.History{h}); err != nil {
			t.Fatal(err)
		}
	}
	histories, err := storm.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, h := range histories {
		wrong, n := h.Judge()
		t.Logf("%s: %+v", h.Namespace, n)
		all = append(all, wrong...)
	}
	switch {
	case *history != "":
		for _, wrong := range all {
			t.Error(wrong)
		}
	case len(all) != 2: // The removal, and the table that is behind.
		t.Errorf("what was wrong must still be so, got %q", all)
	}
}
