package dryrun

import (
	"testing"

	"aviary.dev/convention"
	"aviary.dev/fact"
)

// TestCarry: a manifest's version keeps what only the live one knows, and a new primary is newer than the old one.
func TestCarry(t *testing.T) {
	t.Parallel()
	live := &fact.Workload{
		UID: "u", Available: 2, Selector: map[string]string{"app": "echo"},
		Version: &convention.Version{Role: convention.Canary, Ready: 2},
	}
	w := &fact.Workload{Version: &convention.Version{Role: convention.Primary}}
	carry(live, w)
	v := w.Version
	if w.UID != "u" || w.Available != 2 || v.Available != 2 || v.Ready != 2 || w.Selector["app"] != "echo" {
		t.Errorf("lost what is live: %+v", w)
	}
	if v.PromotedAt.IsZero() {
		t.Error("a new primary has no stamp")
	}
}
