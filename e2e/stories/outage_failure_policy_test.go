package stories

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/aviary"
)

// Generous limits, because the machine may be busy.
const (
	instant    = time.Second // "at once" means less than that.
	tolerance  = 6 * time.Second
	healWithin = 40 * time.Second
)

// testFailurePolicy shows, for each webhook entry and each outage, what a user sees and what heals
// it, and compares that with docs/failure-policy.md.
func testFailurePolicy(t *testing.T, p *plane) {
	s := &story{T: t, plane: p, namespace: "aviary-system"}
	entries := s.entries()
	if len(entries) != len(requests) {
		t.Errorf("there are %d entries in the webhook configurations and requests for %d: each must have one",
			len(entries), len(requests))
	}
	s.serveRollouts()
	page := readTestdata(t, "docs", "failure-policy.md")
	for _, x := range outages {
		page += fmt.Sprintf("\n## %s\n\n%s\n\n%s", x.title, x.about, failurePolicyColumns)
		stories := make([]*story, len(requests))
		s.eachRequest(func(i int, c request) error {
			namespace := fmt.Sprintf("%s-%s-%s", x.id, c.kind[:1], strings.TrimSuffix(c.entry, ".aviary.dev"))
			stories[i] = &story{T: t, plane: p, namespace: namespace}
			return stories[i].prepare(c)
		})
		s.step("%s", x.title)
		s.must(s.aviary.Start(t.Context()))
		x.begin(s)
		rows := make([]row, len(requests))
		s.eachRequest(func(i int, c request) error {
			return stories[i].sendDuring(c, x, entries[c.kind+" "+c.entry], &rows[i])
		})
		x.end(s)
		ended := time.Now()
		stop := s.restartWhenEnded()
		s.eachRequest(func(i int, c request) error { return stories[i].waitHealed(c, ended, &rows[i]) })
		stop()
		for i, c := range requests {
			page += rows[i].markdown(c)
			t.Logf("%-11s %-10s %-32s answered in %-8s healed in %s", x.id, c.kind, c.entry,
				rows[i].took.Round(time.Millisecond), rows[i].healed.Round(time.Millisecond))
		}
		s.failedOpen(stories, rows)
	}
	compareDocs(t, "failure-policy.md", page)
}

// restartWhenEnded starts Aviary again whenever it exits, as the kubelet would, until stop is
// called.
func (s *story) restartWhenEnded() (stop func()) {
	ctx, cancel := context.WithCancel(s.Context())
	var done sync.WaitGroup
	done.Go(func() {
		wait.UntilWithContext(ctx, func(context.Context) {
			if err := s.aviary.Launch(); err != nil {
				s.Error(err)
			}
		}, 100*time.Millisecond)
	})
	return func() { cancel(); done.Wait() }
}

// eachRequest runs a function for all requests in parallel.
func (s *story) eachRequest(do func(int, request) error) {
	s.Helper()
	var all sync.WaitGroup
	errs := make([]error, len(requests))
	for i, c := range requests {
		all.Go(func() {
			if err := do(i, c); err != nil {
				errs[i] = fmt.Errorf("%s %s: %w", c.kind, c.entry, err)
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		s.Error(err)
	}
}

// prepare creates the request's namespace and the objects it needs, while Aviary works.
func (s *story) prepare(c request) error {
	ctx, cancel := context.WithTimeout(s.Context(), waitLimit)
	defer cancel()
	namespace := `{apiVersion: v1, kind: Namespace, metadata: {name: %s, annotations: {aviary.dev/api-group: example}}}`
	if err := s.create(ctx, fmt.Sprintf(namespace, s.namespace)); err != nil {
		return err
	}
	objects, err := aviary.Decode(c.before(s))
	if err != nil || len(objects) == 0 {
		return err
	}
	for _, o := range objects {
		err := poll(ctx, func() error { // The mutating webhook may fail open while the machine is busy.
			err := s.createObject(ctx, o.DeepCopy())
			if apierrors.IsAlreadyExists(err) {
				return nil
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return poll(ctx, func() error { _, err := s.get("upstreams", "echo"); return err })
}
