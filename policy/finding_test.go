package policy

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestFindingText(t *testing.T) {
	t.Parallel()
	engine, err := New(t.Context(), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	findings, err := engine.Evaluate(t.Context(), SubjectRoutes, routesDocument(1, 80))
	if err != nil || len(findings) != 1 {
		t.Fatal(findings, err)
	}
	line := "spec.routes[0].routeAction.multi.destinations: [weights-sum] " +
		"weights sum to 90 (v1: 80, v2: 10), must be 100; raise v1 to 90"
	if diff := cmp.Diff(line, findings[0].String()); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	text, err := json.Marshal(findings[0])
	if err != nil {
		t.Fatal(err)
	}
	want := `{"rule":"weights-sum","mode":"deny","message":"weights sum to 90 (v1: 80, v2: 10), must be 100",` +
		`"fix":"raise v1 to 90","field":"spec.routes[0].routeAction.multi.destinations"}`
	if diff := cmp.Diff(want, string(text)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestSort(t *testing.T) {
	t.Parallel()
	f := func(field, rule, message string, mode Mode, evidence bool) Finding {
		return Finding{Field: field, Rule: rule, Message: message, Fix: "x", Mode: mode, Evidence: evidence}
	}
	got := Sort([]Finding{
		f("b", "r", "m", ModeDeny, false),
		f("a", "s", "m", ModeDeny, false),
		f("a", "r", "n", ModeDeny, false),
		f("a", "r", "m", ModeWarn, true),
		f("a", "r", "m", ModeDeny, false),
	})
	want := []Finding{
		f("a", "r", "m", ModeDeny, true),
		f("a", "r", "n", ModeDeny, false),
		f("a", "s", "m", ModeDeny, false),
		f("b", "r", "m", ModeDeny, false),
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got := Sort(nil); got != nil {
		t.Errorf("got %v of nothing", got)
	}
}

func TestModeText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"deny", "warn", "audit", "off"} {
		mode, err := ParseMode(text)
		if err != nil || mode.String() != text {
			t.Errorf("%s: got %s, %v", text, mode, err)
		}
	}
	for _, text := range []string{"", "Deny", "dryrun"} {
		if mode, err := ParseMode(text); err == nil {
			t.Errorf("%q: got %s, want an error", text, mode)
		}
	}
}
