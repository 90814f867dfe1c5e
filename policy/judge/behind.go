package judge

import (
	"context"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// behind tells who answers what destinations send to a backend.
type behind struct {
	// known is false where that can't be told: endpoints may be written by hand, or are outside the cluster.
	known bool
	// version: somebody has the version that is meant. Somebody: that, or the dialect sends to others in its place.
	version, somebody bool
	// others: somebody is there, whoever it is.
	others bool
	// closed: the Service does not list the port.
	closed bool
	// lack is why nobody is there, whoever is deployed; empty for no such reason.
	lack string
}

// serves reports whether requests are known to be answered.
func (b behind) serves() bool { return b.known && b.somebody && !b.closed }

// loses reports whether requests that were answered before are answered no more, or not by the version that is meant.
func (b behind) loses(before behind) bool {
	return b.known && before.serves() && (!b.somebody || before.version && !b.version)
}

// lacks says what is missing where requests are not answered, as rules read it.
func (b behind) lacks() string {
	switch {
	case b.lack != "":
		return b.lack
	case b.somebody:
		return lacksVersion
	case b.others:
		return lacksFallback
	}
	return lacksWorkload
}

// behind looks who is behind what the destinations name. A workload counts that asks for pods, as does a running Pod
// that no workload made.
func (r *resolver) behind(ctx context.Context, s *resolved) (behind, error) {
	e := &s.endpoints
	if s.target.Unknown != "" || !s.backend.Known() || !e.Exists || !e.Pods {
		return behind{}, nil
	}
	out, err := r.gate(ctx, s)
	if err != nil || !out.known || out.lack != "" {
		return out, err
	}
	all, err := r.facts.Workloads(ctx, e.Namespace, e.Selector)
	if err != nil {
		return behind{}, err
	}
	for _, w := range all {
		if w.Deployed() {
			out.count(s, w)
		}
	}
	if out.version {
		return out, nil
	}
	pods, err := r.facts.Pods(ctx, e.Namespace, e.Selector)
	for _, p := range pods {
		out.count(s, p)
	}
	return out, err
}

// gate is what the Service in front of the pods lets through.
func (r *resolver) gate(ctx context.Context, s *resolved) (behind, error) {
	e := &s.endpoints
	out := behind{known: true}
	if ref := serviceOf(s); ref.Name != "" {
		service, err := r.facts.Service(ctx, ref)
		switch {
		case err != nil:
			return behind{}, err
		case service == nil:
			out.lack = lacksService
			return out, nil
		case service.External:
			out.lack = lacksPods
			return out, nil
		case len(service.Selector) == 0: // somebody may have written its endpoints
			return behind{}, nil
		}
		out.closed = e.Port != 0 && without(service, e.Port)
	}
	if e.Apart {
		out.lack = lacksOverlap
	}
	out.known = e.Apart || e.Selector != nil
	return out, nil
}

// serviceOf names the Service in front of the pods; zero for none.
func serviceOf(s *resolved) route.Ref {
	if s.backend.GroupKind == fact.ServiceKind {
		return s.backend.Ref
	}
	return s.endpoints.Service
}

func (b *behind) count(s *resolved, w *fact.Workload) {
	e := &s.endpoints
	b.others = true
	if (len(e.Labels) > 0 || !e.Subsets) && w.Carries(e.Labels) {
		b.version, b.somebody = true, true
	}
	b.somebody = b.somebody || e.Falls && w.Carries(e.Default)
}
