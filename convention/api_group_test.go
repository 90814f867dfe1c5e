package convention_test

import (
	"testing"

	"aviary.dev/convention"
)

// TestAPIGroup: a table keeps the group that it has while the Namespace lists it, in whatever order; only what the app
// says, or a group that leaves the list, gives it another one.
func TestAPIGroup(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		reason       string
		stated, live string
		groups       []string
		want         string
	}{
		"New":        {"a new table gets the first", "", "", []string{"a", "b"}, "a"},
		"First":      {"it has the first", "", "a", []string{"a", "b"}, "a"},
		"Reordered":  {"the list is in another order", "", "a", []string{"b", "a"}, "a"},
		"Longer":     {"the list has another first one", "", "b", []string{"c", "a", "b"}, "b"},
		"Gone":       {"its group left the list", "", "a", []string{"b", "c"}, "b"},
		"Stated":     {"the app's word goes before", "b", "a", []string{"a", "b"}, "b"},
		"StatedGone": {"also where the list lacks it, which is refused elsewhere", "z", "a", []string{"a", "b"}, "z"},
		"NoLabel":    {"somebody took the label away", "", "", []string{"b", "a"}, "b"},
		"NoList":     {"without a list the configured default holds", "", "a", nil, "example"},
	} {
		v1 := &convention.Version{App: "echo", Name: "v1", Namespace: "echo", Role: convention.Primary, APIGroup: c.stated}
		app := convention.NewApp("echo", "echo", []*convention.Version{v1}, c.groups, convention.Settings{
			Keys: convention.DefaultLabelKeys(), APIGroup: "example",
		})
		for _, exists := range []bool{true, false} { // gone: what was last written counts
			live := convention.LiveTable{Exists: exists, APIGroup: c.live}
			if got := app.Beside(live).APIGroup(); got != c.want {
				t.Errorf("%s: %s (exists: %v): got %q, want %q", name, c.reason, exists, got, c.want)
			}
			if got := app.Beside(live).Plan(nil).APIGroup; got != c.want {
				t.Errorf("%s: the plan has %q, want %q", name, got, c.want)
			}
		}
	}
}
