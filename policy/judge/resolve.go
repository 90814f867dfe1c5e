package judge

import (
	"context"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// resolver follows destinations to workloads. It asks for each backend once, since most
// destinations share a few.
type resolver struct {
	kinds *dialect.Kinds
	facts fact.Reader
	// by finds a backend that was asked for by its pointer, which is faster; like finds one that is
	// equal.
	by   map[*route.Backend]*resolved
	like map[uint64][]*resolved
	// all are those that were asked for, in that order.
	all []*resolved
}

// resolved is what the destinations at one backend come to.
type resolved struct {
	field     string         // of the first of them
	backend   *route.Backend // nil where they name none
	endpoints dialect.Endpoints
	target    input.Target
	receives  bool // one of the destinations gets traffic
	// serves: the version that they mean has an available replica. idle: it is deployed and has none; up are then those
	// that do have one, sorted.
	serves, idle bool
	up           []string
}

func newResolver(kinds *dialect.Kinds, facts fact.Reader) *resolver {
	return &resolver{
		kinds: kinds, facts: facts, by: map[*route.Backend]*resolved{}, like: map[uint64][]*resolved{},
	}
}

// resolve returns what a destination of a table in the dialect comes to.
func (r *resolver) resolve(ctx context.Context, in dialect.Dialect, d *route.Destination) *resolved {
	if known := r.by[d.Backend]; known != nil {
		return known
	}
	place := hash(d.Backend)
	for _, known := range r.like[place] {
		if known.backend.Equal(d.Backend) {
			r.by[d.Backend] = known
			return known
		}
	}
	s := &resolved{field: d.Field, backend: d.Backend}
	r.by[d.Backend], r.like[place], r.all = s, append(r.like[place], s), append(r.all, s)
	s.target = input.Target{Label: label(d.Backend), Unnamed: true}
	if d.Backend != nil {
		r.fill(ctx, in, s)
	}
	return s
}

// fill describes the backend and who is behind it. A Service means what it means in the table's
// dialect.
func (r *resolver) fill(ctx context.Context, in dialect.Dialect, s *resolved) {
	b, t := s.backend, &s.target
	t.Subset, t.Unnamed, t.Opaque = b.Labels, len(b.Labels) == 0, b.Opaque
	if !b.Known() {
		if b.Opaque != "" && !t.Unnamed {
			t.Declared = input.Bool(false)
		}
		return
	}
	t.Backend = &input.Backend{Kind: b.Kind, Noun: r.kinds.Noun(b.GroupKind), Namespace: b.Namespace, Name: b.Name}
	if b.GroupKind != fact.ServiceKind {
		in = r.kinds.Dialect(b.GroupKind)
	}
	var err error
	if s.endpoints, err = in.Endpoints(ctx, b, r.facts, r.kinds.Keys()); err == nil {
		s.blur()
		err = r.follow(ctx, s)
	}
	if err != nil {
		t.Unknown = err.Error()
		return
	}
	s.describe()
}

// blur forgets by what the pods are picked where workloads can't tell who has it.
func (s *resolved) blur() {
	e := &s.endpoints
	if e.Apart {
		return
	}
	if fact.Given(e.Selector) || fact.Given(e.Labels) || fact.Given(e.Default) {
		e.Selector = nil
	}
}

// describe adds what is known of the backend itself.
func (s *resolved) describe() {
	e, t := &s.endpoints, &s.target
	t.Declared, t.Backend.Exists = e.Declared, input.Bool(e.Exists)
	if t.Unnamed {
		t.Subset, t.Unnamed = e.Labels, len(e.Labels) == 0
	}
	if !e.Exists {
		return
	}
	t.Backend.Pods, t.Backend.Subsets = input.Bool(e.Pods), input.Bool(e.Subsets)
	if e.Subsets {
		t.Backend.Fallback = fallback(e)
	}
	if e.Declared != nil && !*e.Declared {
		t.Backend.SubsetKeys = &e.SubsetKeys
	}
}

// fallback says who answers a destination that names no subset, as rules read it.
func fallback(e *dialect.Endpoints) string {
	switch {
	case !e.Falls:
		return "none"
	case len(e.Default) > 0:
		return "default"
	case pinned(e):
		return "one"
	}
	return "all"
}

// pinned reports whether all pods that may answer have one value of each key by which others are picked.
func pinned(e *dialect.Endpoints) bool {
	for _, keys := range e.SubsetKeys {
		for _, key := range keys {
			if _, ok := e.Selector[key]; !ok {
				return false
			}
		}
	}
	return true
}

// follow adds whether a workload has the version that the destinations mean, and which others there
// are.
func (r *resolver) follow(ctx context.Context, s *resolved) error {
	e, t := &s.endpoints, &s.target
	if !s.follows() {
		return nil
	}
	var all []*fact.Workload
	var err error
	if !e.Apart {
		all, err = r.facts.Workloads(ctx, e.Namespace, e.Selector)
	}
	if err != nil {
		return err
	}
	has := lookAt(all, e.Labels)
	deployed := has.version
	if has.some && !deployed { // live, Pods are answered only where nothing else is deployed with the labels asked for
		if deployed, err = r.runs(ctx, e); err != nil {
			return err
		}
	}
	s.serves, s.idle = has.up || deployed && !has.version, has.version && !has.up
	t.Deployed = input.Bool(deployed)
	switch {
	case !deployed:
		others := versions(all, e.Labels, (*fact.Workload).Deployed)
		t.Others, t.Waiting = &others, !has.anyUp && len(others) > 0
	case s.idle:
		s.up = versions(all, e.Labels, isUp)
	}
	return nil
}

// presence is who is there of the workloads behind a backend: any at all, any with an available replica, one of the
// version, and one of the version with an available replica.
type presence struct{ some, anyUp, version, up bool }

func lookAt(all []*fact.Workload, version map[string]string) (p presence) {
	for _, w := range all {
		up, carries := isUp(w), w.Carries(version)
		p.some, p.anyUp = p.some || w.Deployed(), p.anyUp || up
		p.version, p.up = p.version || w.Deployed() && carries, p.up || up && carries
	}
	return p
}

// isUp reports whether the workload counts as there and, where that can be known, has an available replica.
func isUp(w *fact.Workload) bool { return w.Deployed() && !w.Waits() }

// follows reports whether the destinations mean a version of pods that can be looked for. Where
// they name another than the backend is of, nobody knows what becomes of it.
func (s *resolved) follows() bool {
	e := &s.endpoints
	return len(e.Labels) > 0 && e.Pods && e.Selector != nil &&
		(len(s.backend.Labels) == 0 || maps.Equal(s.backend.Labels, e.Labels))
}

// runs reports whether a running Pod that no workload made has the version. The Pods are asked for
// by the selector alone, once for all versions.
func (r *resolver) runs(ctx context.Context, e *dialect.Endpoints) (bool, error) {
	pods, err := r.facts.Pods(ctx, e.Namespace, e.Selector)
	return slices.ContainsFunc(pods, func(p *fact.Workload) bool { return p.Carries(e.Labels) }), err
}

var seed = maphash.MakeSeed()

func hash(b *route.Backend) uint64 {
	if b == nil {
		return 0
	}
	h := maphash.Comparable(seed, b.ID)
	for k, v := range b.Labels {
		h += maphash.Comparable(seed, [2]string{k, v}) // in any order
	}
	return h
}

// versions are those of the workloads that count, by the labels' keys, sorted.
func versions(all []*fact.Workload, labels map[string]string, counts func(*fact.Workload) bool) []string {
	out := []string{}
	for _, w := range all {
		if !counts(w) {
			continue
		}
		if name := versionOf(w, labels); name != "" && !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// versionOf returns a workload's values of the labels' keys; empty if it lacks one.
func versionOf(w *fact.Workload, labels map[string]string) string {
	out := make([]string, 0, len(labels))
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		v, ok := w.Labels[k]
		if !ok {
			return ""
		}
		out = append(out, v)
	}
	return strings.Join(out, "/")
}

// label names a destination in messages: its version, else its backend.
func label(b *route.Backend) string {
	switch {
	case b == nil:
		return ""
	case len(b.Labels) == 0:
		return b.Name
	}
	return values(b.Labels)
}

// values are those of the labels, by the order of their keys: "v1".
func values(labels map[string]string) string {
	out := make([]string, 0, len(labels))
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		out = append(out, labels[k])
	}
	return strings.Join(out, "/")
}
