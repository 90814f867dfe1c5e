package judge

import (
	"context"
	"hash/maphash"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/inventory"
	"aviary.dev/route"
)

// target is what a destination comes to.
type target struct {
	exists, kube, subsets bool
	// service is where a kube upstream takes its endpoints.
	service route.Ref
	// declared is nil where the question does not arise; keys are the upstream's sets of subset keys.
	declared *bool
	keys     [][]string
	// deployed is nil where the question does not arise.
	deployed *bool
	others   []string
	waiting  bool // All of the others wait for their first available pod.
	unknown  string
	// label and terms are the input document's form of all this, once it was made.
	label string
	terms []keyed
}

type keyed struct {
	key   string
	value *ast.Term
}

// resolver resolves the destinations of one table and remembers, since most of them share an upstream.
type resolver struct {
	facts inventory.Reader
	app   string // the label key
	seen  []*resolved
	// placed finds what was seen, once that is too much to be searched.
	placed map[uint64][]*resolved
}

// fewSeen are searched faster than they are hashed.
const fewSeen = 16

type resolved struct {
	field    string // of the first destination that leads there
	upstream route.Ref
	other    *route.Other
	subset   map[string]string
	target
}

func (r *resolver) resolve(ctx context.Context, d route.Destination) *target {
	if s := r.find(d); s != nil {
		return &s.target
	}
	s := &resolved{target: target{label: label(d)}, field: d.Field, upstream: d.Upstream, other: d.Other, subset: d.Subset}
	var err error
	switch {
	case d.Upstream.Name != "":
		err = r.ask(ctx, d, &s.target)
	case d.Other != nil:
		s.declared, err = declaredByOther(ctx, r.facts, d)
	}
	if err != nil {
		s.unknown = err.Error()
	}
	r.remember(s)
	return &s.target
}

func (r *resolver) find(d route.Destination) *resolved {
	among := r.seen
	if r.placed != nil {
		among = r.placed[hash(d.Upstream, d.Subset)]
	}
	for _, s := range among {
		if s.upstream == d.Upstream && s.other == d.Other && maps.Equal(s.subset, d.Subset) {
			return s
		}
	}
	return nil
}

func (r *resolver) remember(s *resolved) {
	r.seen = append(r.seen, s)
	switch {
	case r.placed != nil:
		r.place(s)
	case len(r.seen) > fewSeen:
		r.placed = map[uint64][]*resolved{}
		for _, s := range r.seen {
			r.place(s)
		}
	}
}

func (r *resolver) place(s *resolved) {
	h := hash(s.upstream, s.subset)
	r.placed[h] = append(r.placed[h], s)
}

var seed = maphash.MakeSeed()

func hash(upstream route.Ref, subset map[string]string) uint64 {
	h := maphash.Comparable(seed, upstream)
	for k, v := range subset {
		h += maphash.Comparable(seed, [2]string{k, v}) // in any order
	}
	return h
}

func (r *resolver) ask(ctx context.Context, d route.Destination, t *target) error {
	u, err := r.facts.Upstream(ctx, d.Upstream)
	if err != nil {
		return err
	}
	if u != nil {
		t.exists, t.kube, t.subsets, t.keys = true, u.Kube, u.HasSubsets(), u.SubsetKeys
		t.service, t.declared = u.Service, declares(u, d.Subset)
	}
	if len(d.Subset) == 0 || u != nil && !u.Kube {
		return nil
	}
	namespace, selector, err := endpoints(ctx, r.facts, u, d.Upstream, r.app)
	if err != nil || selector == nil {
		return err
	}
	all, err := r.facts.Workloads(ctx, namespace, selector)
	if err != nil {
		return err
	}
	some, deployed, serving := false, false, false
	for _, w := range all {
		if !w.Deployed() {
			continue
		}
		some = true
		deployed = deployed || w.Carries(d.Subset)
		serving = serving || !w.Waits()
		if name := versionOf(w, d.Subset); name != "" && !slices.Contains(t.others, name) {
			t.others = append(t.others, name)
		}
	}
	if some && !deployed { // live, Pods are answered only where nothing else is deployed with the labels asked for
		if deployed, err = r.runs(ctx, namespace, selector, d.Subset); err != nil {
			return err
		}
	}
	slices.Sort(t.others)
	t.deployed, t.waiting = &deployed, !serving
	if deployed {
		t.others = nil
	}
	return nil
}

// runs reports whether a running Pod that no workload made has the labels of both. The Pods are asked for by the selector
// alone, once for all subsets.
func (r *resolver) runs(ctx context.Context, namespace string, selector, subset map[string]string) (bool, error) {
	pods, err := r.facts.Pods(ctx, namespace, selector)
	return slices.ContainsFunc(pods, func(p *inventory.Workload) bool { return p.Carries(subset) }), err
}

// endpoints gives the namespace and the pod labels that an upstream stands for. A missing one is looked up by
// convention: the app of that name. The selector is nil if there is none.
func endpoints(ctx context.Context, facts inventory.Reader, u *inventory.Upstream, ref route.Ref, appKey string) (string, map[string]string, error) {
	switch {
	case u == nil:
		return ref.Namespace, map[string]string{appKey: ref.Name}, nil
	case len(u.Selector) > 0:
		return u.Service.Namespace, u.Selector, nil
	}
	s, err := facts.Service(ctx, u.Service)
	if s == nil || len(s.Selector) == 0 {
		return "", nil, err
	}
	return s.Namespace, s.Selector, nil
}

// versionOf gives a workload's values of the subset's keys; empty if it lacks one.
func versionOf(w *inventory.Workload, subset map[string]string) string {
	values := make([]string, 0, len(subset))
	for _, k := range slices.Sorted(maps.Keys(subset)) {
		v, ok := w.Labels[k]
		if !ok {
			return ""
		}
		values = append(values, v)
	}
	return strings.Join(values, "/")
}

// label names a destination in messages.
func label(d route.Destination) string {
	if len(d.Subset) == 0 {
		return d.Upstream.Name
	}
	values := make([]string, 0, len(d.Subset))
	for _, k := range slices.Sorted(maps.Keys(d.Subset)) {
		values = append(values, d.Subset[k])
	}
	return strings.Join(values, "/")
}
