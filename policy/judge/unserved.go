package judge

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// What an object without endpoints lacks, as rules read it.
const (
	lacksBackend  = "backend"
	lacksService  = "service"
	lacksPort     = "port"
	lacksWorkload = "workload"
	lacksOverlap  = "overlap"
	lacksTarget   = "target"
	lacksPods     = "pods"     // the Service is an alias
	lacksVersion  = "version"  // somebody is there, who has not the version that is meant
	lacksFallback = "fallback" // somebody is there, who may not answer in its place
)

// maxFollowed bounds how many of the backends that a table names are followed to anybody at all.
const maxFollowed = 100

// unserved describes what the table's routes lead to that has no endpoints. What could not be looked up is not known to
// have none.
func (d *decision) unserved(ctx context.Context, t *fact.Table, res *resolver) []input.Unserved {
	u := unserved{decision: d, resolver: res, seen: map[route.ID]struct{}{}}
	for _, s := range res.all {
		u.add(ctx, s)
	}
	for _, p := range t.Ports {
		u.port(ctx, p)
	}
	u.resolver, u.seen = newResolver(d.kinds, d.after), map[route.ID]struct{}{}
	for i := range t.Routes {
		if m := t.Routes[i].Mirror; m != nil {
			u.mirror(ctx, m)
		}
	}
	return u.out
}

// unserved gathers, of one table, each backend once.
type unserved struct {
	*decision
	*resolver
	seen     map[route.ID]struct{}
	followed int
	out      []input.Unserved
}

func (u *unserved) add(ctx context.Context, s *resolved) {
	if len(u.out) >= maxNamed || s.target.Unknown != "" || !s.backend.Known() || !s.endpoints.Exists {
		return
	}
	if _, ok := u.seen[s.backend.ID]; ok {
		return
	}
	lack := u.resolver.lack(ctx, s)
	if lack == nil && s.receives && u.followed < maxFollowed {
		u.followed++
		if lack = u.resolver.nobody(ctx, s); lack == nil {
			lack = u.resolver.unheard(ctx, s)
		}
	}
	switch {
	case lack == nil:
	case lack.Version != "": // of other versions there may be more to tell
		u.out = append(u.out, u.named(s.field, s.backend.ID, lack))
	default:
		u.tell(s.field, s.backend.ID, lack)
	}
}

// port adds a port that a destination names at a Service itself and that it does not list.
func (u *unserved) port(ctx context.Context, p fact.NamedPort) {
	id := route.ID{GroupKind: fact.ServiceKind, Ref: p.Service}
	if _, ok := u.seen[id]; ok || len(u.out) >= maxNamed {
		return
	}
	s, err := u.after.Service(ctx, p.Service)
	if err != nil || s == nil {
		return
	}
	lack := u.resolver.deaf(ctx, s, p.Port, s.Selector)
	if without(s, p.Port) {
		lack = missingPort(s, p.Port)
	}
	if lack != nil {
		u.tell(p.Field, id, lack)
	}
}

func (u *unserved) mirror(ctx context.Context, m *route.Reference) {
	if _, ok := u.seen[m.ID]; ok || len(u.out) >= maxNamed {
		return
	}
	if m.Name == "" {
		u.tell(m.Field, m.ID, &input.Unserved{Lacks: lacksBackend})
		return
	}
	s := u.resolver.resolve(ctx, u.dialect, &route.Destination{Field: m.Field, Backend: &route.Backend{ID: m.ID}})
	if s.receives = true; s.target.Unknown == "" && !s.endpoints.Exists {
		u.tell(m.Field, m.ID, &input.Unserved{Lacks: lacksBackend})
		return
	}
	if e := &s.endpoints; s.target.Unknown == "" && e.Subsets && !e.Falls {
		u.tell(m.Field, m.ID, &input.Unserved{Lacks: lacksFallback})
		return
	}
	u.add(ctx, s)
}

func (u *unserved) tell(field string, id route.ID, lack *input.Unserved) {
	u.seen[id] = struct{}{}
	u.out = append(u.out, u.named(field, id, lack))
}

// named says of what the lack is.
func (j *Judge) named(field string, id route.ID, lack *input.Unserved) input.Unserved {
	out := *lack
	out.Field, out.Kind, out.Noun = field, id.Kind, j.kinds.Noun(id.GroupKind)
	out.Namespace, out.Name = id.Namespace, id.Name
	return out
}

// lack says what keeps a backend from having any endpoint, whoever is deployed; nil for nothing.
func (r *resolver) lack(ctx context.Context, s *resolved) *input.Unserved {
	e := &s.endpoints
	if !e.Pods || e.Service.Name == "" {
		return nil
	}
	service, err := r.facts.Service(ctx, e.Service)
	switch {
	case err != nil:
		return nil
	case service == nil:
		return &input.Unserved{Lacks: lacksService, Service: e.Service.String()}
	case e.Port != 0 && without(service, e.Port):
		return missingPort(service, e.Port)
	case e.Apart:
		return &input.Unserved{
			Lacks: lacksOverlap, Service: e.Service.String(), Labels: pairs(e.Selector), ServiceLabels: pairs(service.Selector),
		}
	}
	return nil
}

// nobody says that nobody is behind a backend whose versions are no question; nil if somebody is, or if that can't be
// told.
func (r *resolver) nobody(ctx context.Context, s *resolved) *input.Unserved {
	e := &s.endpoints
	if !e.Pods || e.Selector == nil || len(e.Labels) > 0 || e.Apart {
		return nil
	}
	if e.Service.Name != "" { // somebody may have written its endpoints
		service, err := r.facts.Service(ctx, e.Service)
		if err != nil || service == nil || service.External || len(service.Selector) == 0 {
			return nil
		}
	}
	if some, err := r.anybody(ctx, e.Namespace, e.Selector); some || err != nil {
		return nil
	}
	out := &input.Unserved{Lacks: lacksWorkload, Labels: pairs(e.Selector)}
	if e.Service.Name != "" {
		out.Service = e.Service.String()
	}
	return out
}

// anybody reports whether a workload with the labels asks for pods, or a running Pod that no workload made has them.
func (r *resolver) anybody(ctx context.Context, namespace string, labels map[string]string) (bool, error) {
	all, err := r.facts.Workloads(ctx, namespace, labels)
	if err != nil || slices.ContainsFunc(all, (*fact.Workload).Deployed) {
		return true, err
	}
	pods, err := r.facts.Pods(ctx, namespace, labels)
	return len(pods) > 0, err
}

// without reports whether the Service is there and lists no such port. What an alias has is not told by its ports.
func without(s *fact.Service, port int32) bool {
	return s != nil && !s.External && len(s.Ports) < fact.MaxServicePorts && !slices.Contains(s.Ports, port)
}

func missingPort(s *fact.Service, port int32) *input.Unserved {
	out := &input.Unserved{Lacks: lacksPort, Service: s.String(), Port: input.Some(int(port))}
	for _, p := range s.Ports[:min(len(s.Ports), maxNamed)] {
		out.Ports = append(out.Ports, strconv.Itoa(int(p)))
	}
	return out
}

// Bounds of the labels that a message shows.
const (
	maxPairs = 3
	maxPair  = 128 // bytes
)

// pairs are labels for messages: "app=echo, tier=web".
func pairs(labels map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(labels)) {
		if len(out) == maxPairs {
			return strings.Join(out, ", ") + ", …"
		}
		pair := k + "=" + labels[k]
		if len(pair) > maxPair {
			pair = strings.ToValidUTF8(pair[:maxPair], "") + "…"
		}
		out = append(out, pair)
	}
	return strings.Join(out, ", ")
}
