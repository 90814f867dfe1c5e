package judge

import (
	"context"
	"fmt"
	"slices"
	"strconv"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
)

// unheard says that no container listens where the port leads that a backend names at its Service; nil if one does, or
// if that can't be told.
func (r *resolver) unheard(ctx context.Context, s *resolved) *input.Unserved {
	e := &s.endpoints
	if !e.Exists || !e.Pods || e.Apart || e.Selector == nil || e.Port == 0 || e.Service.Name == "" {
		return nil
	}
	service, err := r.facts.Service(ctx, e.Service)
	if err != nil || service == nil {
		return nil
	}
	if lack := r.deaf(ctx, service, e.Port, e.Selector); lack != nil {
		return lack
	}
	return r.deafVersion(ctx, service, s)
}

// deafVersion is [resolver.deaf] of the version that is meant. Kubernetes looks up a name for each Pod, so that one
// version may have it and another one no endpoint; of numbers that can't be told.
func (r *resolver) deafVersion(ctx context.Context, service *fact.Service, s *resolved) *input.Unserved {
	e := &s.endpoints
	if !s.follows() || slices.ContainsFunc(targetsOf(service, e.Port), isNumber) {
		return nil
	}
	lack := r.deaf(ctx, service, e.Port, wanted(e))
	if lack != nil {
		lack.Version = s.target.Label
	}
	return lack
}

func isNumber(target string) bool {
	_, err := strconv.Atoi(target)
	return err == nil
}

// deaf says that of the pods with the labels none listens where the Service's port leads; nil if one may, if there are
// none, or if the port is not listed. Of the Service that Aviary keeps for an app that is told at the Deployments.
func (r *resolver) deaf(ctx context.Context, s *fact.Service, port int32, labels map[string]string) *input.Unserved {
	targets := targetsOf(s, port)
	if s.App != "" || s.External || len(s.Selector) == 0 || len(targets) == 0 {
		return nil
	}
	all, err := r.facts.Workloads(ctx, s.Namespace, labels)
	all = slices.DeleteFunc(slices.Clone(all), func(w *fact.Workload) bool { return !w.Deployed() })
	if err != nil || len(all) == 0 || mayListen(all, s, targets) {
		return nil
	}
	if pods, err := r.facts.Pods(ctx, s.Namespace, labels); err != nil || len(pods) > 0 {
		return nil // whose containers are not read
	}
	return &input.Unserved{
		Lacks: lacksTarget, Service: s.String(), Port: input.Some(int(port)), Target: targets[0], Ports: listed(all),
	}
}

// mayListen reports whether one of the workloads may listen at one of the targets. A name must be listed. To list a
// number is information only (Kubernetes' API, ContainerPort), so that it counts as missing only where all containers
// list ports, and nothing that the Service leads to is one of them.
func mayListen(all []*fact.Workload, s *fact.Service, targets []string) bool {
	if slices.ContainsFunc(targets, isNumber) {
		targets = s.Targets
		if slices.ContainsFunc(all, func(w *fact.Workload) bool { return w.Unlisted || len(w.Ports) == 0 }) {
			return true
		}
	}
	return slices.ContainsFunc(all, func(w *fact.Workload) bool {
		return len(w.Ports) >= fact.MaxPorts || slices.ContainsFunc(targets, w.Lists)
	})
}

// targetsOf are where the port leads: one port may stand there for each protocol.
func targetsOf(s *fact.Service, port int32) (out []string) {
	for i, p := range s.Ports {
		if p == port && i < len(s.Targets) {
			out = append(out, s.Targets[i])
		}
	}
	return out
}

// listed are the first [maxNamed] ports that containers list, as people write them: "http (8080)", "dns (53/UDP)".
func listed(all []*fact.Workload) (out []string) {
	for _, w := range all {
		for _, p := range w.Ports {
			text := strconv.Itoa(int(p.ContainerPort))
			if p.Protocol != "" {
				text += "/" + p.Protocol
			}
			if p.Name != "" {
				text = fmt.Sprintf("%s (%s)", p.Name, text)
			}
			if len(out) < maxNamed && !slices.Contains(out, text) {
				out = append(out, text)
			}
		}
	}
	return out
}

// targetsMissing describes the ports of the Service to which routes lead and behind which no container listens.
func (d *decision) targetsMissing(
	ctx context.Context, s *fact.Service, backends []*fact.Backend,
) (out []input.Unserved, err error) {
	res := newResolver(d.kinds, d.after)
	for i, port := range s.Ports[:min(len(s.Ports), maxFollowed)] {
		if slices.Contains(s.Ports[:i], port) {
			continue
		}
		lack := res.deaf(ctx, s, port, s.Selector)
		if lack == nil {
			continue
		}
		if lack.By, lack.Holders, err = d.portUser(ctx, s, backends, port); err != nil {
			return nil, err
		}
		if lack.By != "" && len(out) < maxNamed {
			out = append(out, d.named("", s.Identity(), lack))
		}
	}
	return out, nil
}

// portUser names a table whose routes lead to the port, and says who may hold it; empty for none.
func (d *decision) portUser(
	ctx context.Context, s *fact.Service, backends []*fact.Backend, port int32,
) (name string, holders []string, err error) {
	var all []*fact.Table
	for _, b := range backends[:min(len(backends), maxFollowed)] {
		if b.Port != port {
			continue
		}
		tables, err := d.holding(ctx, b.ID)
		if err != nil {
			return "", nil, err
		}
		all = append(all, tables...)
	}
	tables, err := d.holding(ctx, s.Identity())
	if err != nil {
		return "", nil, err
	}
	all = append(all, slices.DeleteFunc(tables, func(t *fact.Table) bool {
		return !slices.ContainsFunc(t.Ports, func(p fact.NamedPort) bool { return p.Service == s.Ref && p.Port == port })
	})...)
	return d.firstOf(ctx, all)
}
