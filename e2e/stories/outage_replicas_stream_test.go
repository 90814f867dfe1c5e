package stories

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
)

// stream applies valid and invalid objects all the time.
type stream struct {
	q      direct
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu       sync.Mutex
	verdicts map[string]int
	wrong    []string
	apps     []string // Those that were admitted.
}

// streamInterval is the time between two rounds of requests.
const streamInterval = 150 * time.Millisecond

// stream starts to apply in a namespace of its own.
func (p *pair) stream(t *testing.T) *stream {
	t.Helper()
	s := &stream{q: beginDirect(t, p.plane, "stream"), verdicts: map[string]int{}}
	s.q.check(s.q.create(manifestsOf(v("v1", "role=primary"), v("v2", "role=standby"))))
	s.q.waitTraffic("echo", allToV1)
	ctx, cancel := context.WithCancel(t.Context())
	s.cancel = cancel
	t.Cleanup(func() { cancel(); s.done.Wait() })
	round := 0
	s.done.Go(func() {
		next := func() { round++; s.round(round) } //nolint:contextcheck // because a round that began is finished.
		wait.Until(next, streamInterval, ctx.Done())
	})
	return s
}

// round sends one request of each kind.
func (s *stream) round(n int) {
	app := fmt.Sprintf("app-%d", n)
	table := func(name string, weight int) string {
		return s.q.table(fmt.Sprintf("%s-%d", name, n), destination{"v1", 60}, destination{"v2", weight})
	}
	if s.verdict("a new app", true, s.q.create(v("v1", "role=primary").of(app).String())) {
		s.mu.Lock()
		s.apps = append(s.apps, app)
		s.mu.Unlock()
	}
	s.verdict("a right RouteTable", true, s.q.create(table("right", 40)))
	s.verdict("a wrong RouteTable", false, s.q.create(table("wrong", 30)))
	s.verdict("DELETE of the primary", false, s.q.delete("deployments", "echo-v1"))
}

// verdict counts the answer to a request, and remembers it if it is wrong. An error is not a wrong
// verdict: Aviary, or the API server, was away.
func (s *stream) verdict(what string, right bool, err error) (admitted bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	admitted = err == nil || apierrors.IsAlreadyExists(err) // The answer to an earlier try was lost.
	switch {
	case admitted && right:
		s.verdicts["admitted"]++
	case err != nil && denied(err) && !right:
		s.verdicts["denied"]++
	case admitted:
		s.wrong = append(s.wrong, what+" admitted")
	case denied(err):
		s.wrong = append(s.wrong, fmt.Sprintf("%s was denied: %v", what, err))
	default:
		s.verdicts["not answered"]++
	}
	return admitted
}

// end stops the stream. It expects that no verdict was wrong, and that each admitted app has all
// its siblings.
func (s *stream) end(t *testing.T) {
	t.Helper()
	s.cancel()
	s.done.Wait()
	for _, wrong := range s.wrong {
		t.Errorf("wrong verdict: %s", wrong)
	}
	if s.verdicts["admitted"] == 0 || s.verdicts["denied"] == 0 {
		t.Errorf("the stream must have had verdicts of both kinds: %v", s.verdicts)
	}
	for _, app := range s.apps {
		s.q.waitTraffic(app, "/"+app+": v1")
		s.q.mustGet("services", app)
		s.q.mustGet("upstreams", app)
	}
	t.Logf("the stream: %v, no wrong one; %d apps, all with their siblings", s.verdicts, len(s.apps))
}
