package judge

import (
	"cmp"
	"context"
	"slices"

	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// unservedBackend says what keeps a backend from having endpoints. That nobody is there, or listens, stands at the
// tables that lead to it; who changes the backend hears of it, too, where its Service has Pods and it picks none of
// them. Told: whom the request takes away is told elsewhere.
func (d *decision) unservedBackend(ctx context.Context, b *fact.Backend, told bool) ([]input.Unserved, error) {
	res := newResolver(d.kinds, d.after)
	s := res.resolve(ctx, d.dialect, &route.Destination{Backend: &route.Backend{ID: b.ID}})
	if s.target.Unknown != "" {
		return nil, nil
	}
	var err error
	lack := res.lack(ctx, s)
	news := d.request.Operation != Audit && !told
	if lack == nil && news {
		lack = res.unheard(ctx, s)
	}
	if lack == nil && news {
		if lack, err = d.picksNobody(ctx, res, s); err != nil {
			return nil, err
		}
	}
	if lack == nil {
		return nil, nil
	}
	return []input.Unserved{d.named("", b.ID, lack)}, nil
}

// picksNobody says that routes lead to a backend that picks nobody of its Service's Pods; nil if that is not so.
func (d *decision) picksNobody(ctx context.Context, res *resolver, s *resolved) (*input.Unserved, error) {
	lack := res.nobody(ctx, s)
	if lack == nil || lack.Service == "" {
		return nil, nil
	}
	service, err := d.after.Service(ctx, s.endpoints.Service)
	if service == nil || err != nil {
		return nil, err
	}
	if some, err := res.anybody(ctx, service.Namespace, service.Selector); !some || err != nil {
		return nil, err
	}
	lack.By, lack.Holders, err = d.firstUser(ctx, s.backend.ID)
	if lack.By == "" {
		return nil, err
	}
	return lack, nil
}

// firstUser names the first of the tables whose routes lead to a backend or a Service, those of the object's own
// namespace before others, and says who may hold it; empty for none.
func (d *decision) firstUser(ctx context.Context, id route.ID) (name string, holders []string, err error) {
	tables, err := d.holding(ctx, id)
	if err != nil {
		return "", nil, err
	}
	return d.firstOf(ctx, tables)
}

func (d *decision) firstOf(ctx context.Context, tables []*fact.Table) (name string, holders []string, err error) {
	if len(tables) == 0 {
		return "", nil, nil
	}
	first := slices.MinFunc(tables, func(a, b *fact.Table) int {
		return cmp.Or(d.compareFar(a.Namespace, b.Namespace), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	holders, err = d.holders(ctx, tables)
	return first.ID.String(), holders, err
}

// unservedBy describes the backends, and tables that name the Service itself, to which routes lead and that have no
// endpoints on the Service's account. Told: whom the request takes away is told elsewhere.
func (d *decision) unservedBy(
	ctx context.Context, s *fact.Service, backends []*fact.Backend, told bool,
) ([]input.Unserved, error) {
	if s.External {
		return nil, nil
	}
	out, err := d.portsMissing(ctx, s, backends)
	if err == nil && len(out) == 0 && !told && d.request.Operation != Audit {
		out, err = d.targetsMissing(ctx, s, backends)
	}
	if err != nil || len(out) > 0 || told || d.request.Operation == Audit || len(s.Selector) == 0 ||
		fact.Given(s.Selector) {
		return out, err
	}
	if some, err := newResolver(d.kinds, d.after).anybody(ctx, s.Namespace, s.Selector); some || err != nil {
		return nil, err
	}
	lack := &input.Unserved{Lacks: lacksWorkload, Labels: pairs(s.Selector)}
	var tables []*fact.Table
	for _, id := range append(identities(nil, backends[:min(len(backends), maxFollowed)]), s.Identity()) {
		more, err := d.holding(ctx, id)
		if err != nil {
			return nil, err
		}
		tables = append(tables, more...)
	}
	if lack.By, lack.Holders, err = d.firstOf(ctx, tables); lack.By == "" || err != nil {
		return nil, err
	}
	return []input.Unserved{d.named("", s.Identity(), lack)}, nil
}

// portsMissing describes who names a port that the Service does not list.
func (d *decision) portsMissing(
	ctx context.Context, s *fact.Service, backends []*fact.Backend,
) (out []input.Unserved, err error) {
	asked := 0
	for _, b := range backends {
		if b.Port == 0 || !without(s, b.Port) {
			continue
		}
		if asked++; asked > maxFollowed || len(out) == maxNamed {
			return out, nil
		}
		lack := missingPort(s, b.Port)
		if lack.By, lack.Holders, err = d.firstUser(ctx, b.ID); err != nil {
			return nil, err
		}
		if lack.By != "" {
			out = append(out, d.named("", b.ID, lack))
		}
	}
	return d.portsNamed(ctx, s, out)
}

// portsNamed adds the tables that name such a port at the Service itself, each once.
func (d *decision) portsNamed(ctx context.Context, s *fact.Service, out []input.Unserved) ([]input.Unserved, error) {
	tables, err := d.holding(ctx, s.Identity())
	if err != nil {
		return nil, err
	}
	slices.SortFunc(tables, func(a, b *fact.Table) int { return cmp.Compare(a.ID.String(), b.ID.String()) })
	for _, t := range tables {
		at := slices.IndexFunc(t.Ports, func(p fact.NamedPort) bool { return p.Service == s.Ref && without(s, p.Port) })
		if at >= 0 && len(out) < maxNamed {
			lack := missingPort(s, t.Ports[at].Port)
			lack.By = t.ID.String()
			if lack.Holders, err = d.holders(ctx, []*fact.Table{t}); err != nil {
				return nil, err
			}
			out = append(out, d.named("", t.ID, lack))
		}
	}
	return out, nil
}
