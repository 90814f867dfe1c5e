package judge

import (
	"context"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/route"
)

// used describes the siblings that the app takes from somebody else (aviary.dev/use), and what about them does not fit.
func (j *Judge) used(ctx context.Context, s step, facts inventory.Reader) ([]*ast.Term, error) {
	var list []*ast.Term
	add := func(kind, name string, exists bool, misfits []string) {
		o := j.build.Object()
		o.String("kind", kind)
		o.String("namespace", s.app.Namespace)
		o.String("name", name)
		o.Bool("exists", exists)
		o.Bool("used", true)
		o.Strings("misfits", misfits)
		list = append(list, o.Done())
	}
	useService, useUpstream := s.is.Uses()
	if useService {
		ref := route.Ref{Namespace: s.app.Namespace, Name: convention.ServiceName(s.app.Name)}
		service, err := facts.Service(ctx, ref)
		if err != nil {
			return nil, err
		}
		add(inventory.KindService, ref.Name, service != nil, j.serviceMisfits(s, service))
	}
	if useUpstream {
		ref := route.Ref{Namespace: s.app.Namespace, Name: convention.UpstreamName(s.app.Name)}
		upstream, err := facts.Upstream(ctx, ref)
		if err != nil {
			return nil, err
		}
		add(gloo.KindUpstream, ref.Name, upstream != nil, j.upstreamMisfits(s, upstream))
	}
	return list, nil
}

// serviceMisfits says what keeps the app from using a Service: it must reach the Pods of every version on the app's port.
func (j *Judge) serviceMisfits(s step, service *inventory.Service) []string {
	if service == nil {
		return nil
	}
	out := j.commonMisfits(s, service.Mark, service.Selector)
	switch {
	case service.External:
		return append(out, "it is an ExternalName and has no Pods")
	case len(service.Selector) == 0:
		out = append(out, "it has no selector")
	}
	if !slices.Contains(service.Ports, s.is.Port()) {
		out = append(out, fmt.Sprintf("it has no port %d (set aviary.dev/port to one of %v)", s.is.Port(), service.Ports))
	}
	return out
}

// upstreamMisfits says what keeps the app from using an Upstream: destinations must be able to pick each version.
func (j *Judge) upstreamMisfits(s step, u *inventory.Upstream) []string {
	if u == nil {
		return nil
	}
	out := j.commonMisfits(s, u.Mark, u.Selector)
	service := route.Ref{Namespace: s.app.Namespace, Name: convention.ServiceName(s.app.Name)}
	switch {
	case !u.Kube:
		return append(out, "it is not of type kube")
	case u.Service != service:
		out = append(out, fmt.Sprintf("it is for Service %s, not %s", u.Service, service))
	case u.Port != s.is.Port():
		out = append(out, fmt.Sprintf("it is for port %d, not %d", u.Port, s.is.Port()))
	}
	key := j.settings.Keys.Version
	if len(u.SubsetKeys) != 1 || !slices.Equal(u.SubsetKeys[0], []string{key}) {
		out = append(out, fmt.Sprintf("its subsetSpec must list the keys [%s] and nothing else", key))
	}
	return out
}

func (j *Judge) commonMisfits(s step, m inventory.Mark, selector map[string]string) []string {
	var out []string
	switch {
	case m.App != "":
		out = append(out, fmt.Sprintf("it is Aviary's own (remove its label %s and its ownerReferences, at once, to take it over)", convention.KeyManagedBy))
	case m.Owned:
		out = append(out, "it would go with the Deployment that owns it (remove its ownerReferences)")
	}
	if version, ok := selector[j.settings.Keys.Version]; ok {
		out = append(out, fmt.Sprintf("its selector picks one version (%s=%s)", j.settings.Keys.Version, version))
	} else if w, ok := s.request.New.(*inventory.Workload); ok && !w.Carries(selector) {
		out = append(out, fmt.Sprintf("its selector does not pick the Pods of Deployment %s", w.Name))
	}
	return out
}
