package joined_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/joined"
)

func TestErrors(t *testing.T) {
	t.Parallel()
	a, b, c := errors.New("a"), errors.New("b"), errors.New("c")
	wrapped := fmt.Errorf("while reading: %w", errors.Join(a, b))
	for name, tc := range map[string]struct {
		reason string
		err    error
		want   []error
	}{
		"None":   {"nil has no errors", nil, nil},
		"One":    {"an error is itself", a, []error{a}},
		"Joined": {"in order", errors.Join(a, b), []error{a, b}},
		"Deep":   {"those that are joined in turn, too", errors.Join(a, errors.Join(b, nil, c)), []error{a, b, c}},
		"Wrapped": {
			"what is said around a joined error would be lost, so it stays whole",
			errors.Join(c, wrapped),
			[]error{c, wrapped},
		},
	} {
		got := joined.Errors(tc.err)
		same := func(x, y error) bool { return x == y } //nolint:errorlint // the very same errors
		if diff := cmp.Diff(tc.want, got, cmp.Comparer(same)); diff != "" {
			t.Errorf("%s: %s (-want +got)\n%s", name, tc.reason, diff)
		}
	}
}
