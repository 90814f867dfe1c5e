package audit

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/util/workqueue"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

const (
	// settle is how long an object must be left alone before it is judged: what is applied together comes together.
	settle = time.Second
	// budget bounds one judgement; one that fails is tried again after as long.
	budget = 5 * time.Second
)

// Standing knows which objects in the cluster break a rule, on the replica that leads.
type Standing struct {
	// Judge gives the judge of the configuration in force.
	Judge func() *judge.Judge
	Store *inventory.Store
	// Live is asked for running Pods, which the store doesn't hold, before a version is said to be missing.
	Live   client.Reader
	Synced func(context.Context) error
	Events events.EventRecorder
	// Interval is the time between two passes over everything.
	Interval time.Duration

	mu    sync.Mutex
	queue workqueue.TypedDelayingInterface[inventory.ID]
	found map[inventory.ID]record
	sums  tally
	// dirty are the namespaces whose findings have changed since [Standing.take].
	dirty map[string]struct{}
}

// record is what was found about an object, and when.
type record struct {
	at       time.Time
	findings []policy.Finding
}

// Listen has the store tell of changes; to be called before the store is filled.
func (s *Standing) Listen() {
	s.found, s.sums, s.dirty = map[inventory.ID]record{}, tally{}, map[string]struct{}{}
	s.Store.Listen(s.changed)
}

// Start judges until ctx ends.
func (s *Standing) Start(ctx context.Context) error {
	if err := s.Synced(ctx); err != nil {
		return nil //nolint:nilerr // because it means that the process shuts down.
	}
	s.mu.Lock()
	s.queue = workqueue.NewTypedDelayingQueue[inventory.ID]()
	s.mu.Unlock()
	context.AfterFunc(ctx, s.queue.ShutDown)
	s.All()
	go s.again(ctx)
	for {
		id, done := s.queue.Get()
		if done {
			return nil
		}
		s.judge(ctx, id)
		s.queue.Done(id)
	}
}

// All has everything judged again, as after a change of the configuration.
func (s *Standing) All() {
	for _, f := range s.Store.All() {
		s.enqueue(f.Identity(), 0)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for id := range s.found { // what went away while another replica led
		if s.queue != nil {
			s.queue.Add(id)
		}
	}
}

func (s *Standing) again(ctx context.Context) {
	tick := time.NewTicker(s.Interval)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			s.All() // what is queued already is not queued twice, so passes never overlap
		}
	}
}

func (s *Standing) enqueue(id inventory.ID, after time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queue != nil && id.Kind != inventory.KindNamespace {
		s.queue.AddAfter(id, after)
	}
}

func (s *Standing) changed(old, now inventory.Fact) {
	s.mu.Lock()
	active := s.queue != nil
	s.mu.Unlock()
	if !active {
		return
	}
	ids, _ := s.Judge().Touches(context.Background(), old, now, s.Store) // a Store never fails
	for _, id := range ids {
		s.enqueue(id, settle)
	}
}

// judge judges one object as it stands and tells of what is new.
func (s *Standing) judge(ctx context.Context, id inventory.ID) {
	f := s.Store.Fact(id)
	var findings []policy.Finding
	if f != nil && !terminating(f) {
		ctx, cancel := context.WithTimeout(ctx, budget)
		defer cancel()
		var err error
		findings, err = s.verdict(ctx, f)
		if err != nil {
			failed.Inc()
			ctrl.LoggerFrom(ctx).Error(err, "not judged", "kind", id.Kind, "namespace", id.Namespace, "name", id.Name)
			s.enqueue(id, budget)
			return
		}
	}
	s.mu.Lock()
	before := s.found[id].findings
	if !slices.Equal(before, findings) {
		s.dirty[id.Namespace] = struct{}{}
		s.found[id] = record{time.Now(), findings}
		s.sums.add(id.Namespace, findings, +1)
		s.sums.add(id.Namespace, before, -1)
	}
	if len(findings) == 0 {
		delete(s.found, id)
	}
	s.mu.Unlock()
	s.tell(f, fresh(s.Judge(), before, findings))
}

// verdict judges by the store; again with the running Pods only where it misses a workload.
func (s *Standing) verdict(ctx context.Context, f inventory.Fact) ([]policy.Finding, error) {
	r := judge.Request{Operation: judge.Audit, New: f, Settled: true}
	findings, err := s.Judge().Judge(ctx, r, s.Store)
	missing := func(f policy.Finding) bool { return f.Rule == "version-deployed" && f.Evidence }
	if err != nil || !slices.ContainsFunc(findings, missing) {
		return findings, err
	}
	pods := newWithPods(s.Store, s.Live)
	findings, err = s.Judge().Judge(ctx, r, pods)
	return findings, cmp.Or(err, pods.failed)
}

func terminating(f inventory.Fact) bool {
	switch f := f.(type) {
	case *inventory.Workload:
		return f.Terminating
	case *inventory.Table:
		return f.Terminating
	}
	return false
}

// fresh gives the findings that a request would have been refused for, or under enforcement: warn warned of in place of
// that, and that were not there before.
func fresh(j *judge.Judge, before, now []policy.Finding) []policy.Finding {
	var out []policy.Finding
	for _, f := range now {
		rule, _ := j.Rule(f.Rule)
		if f.Mode < policy.ModeWarn || f.Severity != policy.ModeUnset || rule.Mode != policy.ModeDeny {
			continue
		}
		if !slices.ContainsFunc(before, func(b policy.Finding) bool { return b.Rule == f.Rule && b.Message == f.Message }) {
			out = append(out, f)
		}
	}
	return out
}

func (s *Standing) tell(f inventory.Fact, findings []policy.Finding) {
	if len(findings) == 0 {
		return
	}
	var lines []string
	for _, x := range findings {
		rejudged.WithLabelValues(x.Rule).Inc()
		lines = append(lines, x.String())
	}
	s.Events.Eventf(reference(f, findings[0].Field), nil, corev1.EventTypeWarning, "RuleBroken", "Judge", "%s", strings.Join(lines, "\n"))
}
