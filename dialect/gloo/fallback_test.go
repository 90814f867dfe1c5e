package gloo

import (
	"maps"
	"testing"
)

// TestFallback reads who answers a subset that no endpoint has.
func TestFallback(t *testing.T) {
	t.Parallel()
	const keys = `selectors: [{keys: [version]}]`
	v1 := map[string]string{"version": "v1"}
	for spec, want := range map[string]struct {
		strict bool
		labels map[string]string
	}{
		`{}`:                            {},
		`{` + keys + `}`:                {},
		`{fallbackPolicy: NO_FALLBACK}`: {},
		`{fallbackPolicy: NO_FALLBACK, ` + keys + `}`:                                            {strict: true},
		`{fallbackPolicy: 2, ` + keys + `}`:                                                      {strict: true},
		`{fallbackPolicy: 0, defaultSubset: {values: {version: v1}}, ` + keys + `}`:              {},
		`{fallbackPolicy: DEFAULT_SUBSET, defaultSubset: {values: {version: v1}}, ` + keys + `}`: {labels: v1},
		`{fallbackPolicy: 1, ` + keys + `}`:                                                      {},
		`{fallbackPolicy: no_fallback, ` + keys + `}`:                                            {},
	} {
		b := readUpstream(decode[Upstream](t, "spec: {kube: {subsetSpec: "+spec+"}}"))
		if b.Strict != want.strict || !maps.Equal(b.Default, want.labels) {
			t.Errorf("%s: strict %v, default %v; must be %v", spec, b.Strict, b.Default, want)
		}
	}
}
