package gloo

import (
	"context"
	"maps"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// annotationUpstreamConfig on a Service configures the upstream that Gloo makes of it in memory, which may have subsets
// that no object shows.
const annotationUpstreamConfig = "gloo.solo.io/upstream_config"

// Endpoints implements dialect.Dialect. An Upstream that is missing is looked up by convention: the app of that name.
func (Dialect) Endpoints(
	ctx context.Context, b *route.Backend, facts fact.Reader, keys convention.LabelKeys,
) (dialect.Endpoints, error) {
	if b.GroupKind == fact.ServiceKind {
		return serviceEndpoints(ctx, b, facts, keys)
	}
	u, err := facts.Backend(ctx, b.ID)
	if err != nil {
		return dialect.Endpoints{}, err
	}
	if u == nil {
		return dialect.Endpoints{
			Pods: true, Namespace: b.Namespace, Selector: map[string]string{keys.App: b.Name}, Labels: b.Labels,
		}, nil
	}
	out := dialect.Endpoints{
		Exists: true, Pods: u.Pods, Subsets: u.HasSubsets(), SubsetKeys: u.SubsetKeys, Service: u.Service,
		Declared: declares(u, b.Labels), Port: u.Port, Falls: !u.Strict, Default: u.Default,
	}
	if !u.Pods {
		return out, nil
	}
	out.Labels = b.Labels
	s, err := facts.Service(ctx, u.Service)
	if err == nil {
		selectBoth(&out, u, s)
	}
	return out, err
}

// selectBoth has the endpoints be those of the Service's Pods that the upstream selects, too. The Service may be nil.
func selectBoth(out *dialect.Endpoints, u *fact.Backend, s *fact.Service) {
	var of map[string]string
	if s != nil && !s.External {
		of = s.Selector
	}
	if len(u.Selector) == 0 && len(of) == 0 {
		return
	}
	out.Namespace, out.Selector = u.Service.Namespace, u.Selector
	missing := len(u.Selector) == 0
	for k, v := range of {
		own, ok := u.Selector[k]
		out.Apart = out.Apart || ok && own != v
		missing = missing || !ok
	}
	if out.Apart || !missing {
		return
	}
	out.Selector = maps.Clone(of)
	maps.Copy(out.Selector, u.Selector)
}

// serviceEndpoints follows a destination that is a Service itself, by its selector. Gloo ignores a subset there, unless
// an annotation gives the Service's upstream some.
func serviceEndpoints(
	ctx context.Context, b *route.Backend, facts fact.Reader, keys convention.LabelKeys,
) (dialect.Endpoints, error) {
	out := dialect.Endpoints{Pods: true, Namespace: b.Namespace}
	s, err := facts.Service(ctx, b.Ref)
	if err != nil {
		return out, err
	}
	if len(b.Labels) > 0 && (s == nil || !slices.Contains(s.Annotations, annotationUpstreamConfig)) {
		out.Declared = new(bool)
	}
	if s == nil {
		return out, nil
	}
	out.Exists = true
	if s.External || len(s.Selector) == 0 {
		return out, nil
	}
	out.Selector = s.Selector
	if version, ok := s.Selector[keys.Version]; ok && len(s.Selector) > 1 {
		out.Labels = map[string]string{keys.Version: version}
		out.Selector = maps.Clone(s.Selector)
		delete(out.Selector, keys.Version)
	}
	return out, nil
}

// declares reports whether destinations at the upstream can name the subset: a set of its keys is exactly the subset's.
// It is nil without a subset.
func declares(u *fact.Backend, subset map[string]string) *bool {
	if len(subset) == 0 {
		return nil
	}
	found := u.Declares(subset)
	return &found
}
