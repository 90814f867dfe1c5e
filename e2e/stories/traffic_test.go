package stories

import (
	"slices"
	"strings"
	"testing"
)

// sequence is a sequence of requests and mishaps, and the end that it must come to.
type sequence struct {
	name string
	play func(s *story, w *trafficWatch)
}

// TestTraffic plays sequences, each with an app echo of its own. The traffic condition holds in each
// of them, and each has one end.
func TestTraffic(t *testing.T) {
	t.Parallel()
	for _, q := range slices.Concat(installs, swaps, undoings, deaths, tables, handOvers) {
		t.Run(q.name, func(t *testing.T) {
			t.Parallel()
			playOn(t, shared, q)
		})
	}
}

// playOn plays a sequence on a plane.
func playOn(t *testing.T, p *plane, q sequence) {
	t.Helper()
	s := beginOn(t, p, "traffic-"+strings.ReplaceAll(q.name, " ", "-"))
	q.play(s, s.watchTraffic())
}
