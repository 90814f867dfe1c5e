package glootest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Answer is the route that gets a request, by its place, and what it does with it.
type Answer struct {
	EnvoyRoute
	// Action is what it does instead of sending it to destinations: "redirect", "directResponse:404".
	Action string `json:"action"`
	// Destinations share such requests.
	Destinations []Share `json:"destinations"`
}

// Share is a destination with its part of the traffic, by the sum of all; without a weight it has all of it.
type Share struct {
	Upstream string            `json:"upstream"`
	Subset   map[string]string `json:"subset,omitempty"`
	Weight   *int64            `json:"weight"`
}

// Model answers the requests of a world as the dialect says that Gloo does.
type Model struct {
	facts fact.Reader
	hosts []virtualHost
}

// virtualHost is a root, with the routes below it in order.
type virtualHost struct {
	root *fact.Table
	ends []end
}

// NewModel makes one of all facts of a world, which facts must have, too. It has the listener without TLS. A root that
// has no route keeps its domains (docs/gloo-api.md, Domains).
func NewModel(ctx context.Context, facts fact.Reader, all []fact.Fact) (*Model, error) {
	parents, err := gloo.Dialect{}.Parents(ctx, facts)
	if err != nil {
		return nil, err
	}
	m := &Model{facts: facts}
	for _, f := range all {
		root, ok := f.(*fact.Table)
		if !ok || root.Entry == nil || root.Entry.Encryption != "" {
			continue
		}
		ends, err := ordered(ctx, parents, all, root)
		if err != nil {
			return nil, err
		}
		m.hosts = append(m.hosts, virtualHost{root, ends})
	}
	return m, nil
}

// Answer returns the first route that fits a request; nil if none does.
func (m *Model) Answer(ctx context.Context, r Request) (*Answer, error) {
	var ends []end
	best := 0
	for _, h := range m.hosts {
		for _, domain := range h.root.Entry.Domains {
			if rank := r.rank(domain); rank > best {
				best, ends = rank, h.ends
			}
		}
	}
	for _, e := range ends {
		for i := range e.place.Matchers {
			if r.fits(&e.place.Matchers[i]) {
				return m.answer(ctx, e, i)
			}
		}
	}
	return nil, nil
}

func (m *Model) answer(ctx context.Context, e end, matcher int) (*Answer, error) {
	r := &e.table.Routes[e.place.Route]
	out := &Answer{EnvoyRoute: EnvoyRoute{Route: e.place.Route, Matcher: matcher}, Action: action(r)}
	if out.Table = e.table.Ref.String(); !e.table.Led {
		out.Table, out.VirtualService = "", out.Table
	}
	if r.Group != nil {
		list, err := m.facts.Table(ctx, r.Group.ID)
		if err != nil {
			return nil, err
		}
		if list == nil {
			return out, nil
		}
		r = &list.Routes[0]
	}
	var err error
	out.Destinations, err = m.shares(ctx, r)
	return out, err
}

// shares are a route's destinations with their weights. Gloo ends a weighted list at the first one with labels that its
// backend can't pick, or that has no backend.
func (m *Model) shares(ctx context.Context, r *route.Route) (out []Share, err error) {
	for _, d := range r.Destinations {
		if !d.Backend.Known() {
			return out, fmt.Errorf("%s names no object", d.Field)
		}
		s := Share{Upstream: d.Backend.Ref.String(), Subset: d.Backend.Labels}
		if r.Weighted {
			s.Weight = &d.Weight.Value
		}
		out = append(out, s)
		to, err := gloo.Dialect{}.Endpoints(ctx, d.Backend, m.facts, convention.DefaultLabelKeys())
		if err != nil {
			return out, err
		}
		if r.Weighted && (gloo.Dialect{}).Semantics().Cuts() && cuts(d.Backend, to) {
			break
		}
	}
	return out, nil
}

func cuts(b *route.Backend, to dialect.Endpoints) bool {
	return len(b.Labels) > 0 && (!to.Exists || to.Declared != nil && !*to.Declared)
}

// action is a route's, in the words of the record.
func action(r *route.Route) string {
	kind, text, _ := strings.Cut(r.Action, "Action: ")
	if kind != "directResponse" {
		return kind
	}
	var response struct{ Status int }
	if json.Unmarshal([]byte(text), &response) != nil {
		return kind
	}
	return fmt.Sprintf("%s:%d", kind, response.Status)
}
