package judge

import (
	"context"
	"fmt"
	"sync"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// Decide returns the findings, sorted and each once. The error is that of a fact that could not be
// had or of a rule that could not be evaluated; what to make of it is for the caller to say.
func (j *Judge) Decide(ctx context.Context, r Request, facts fact.Reader) ([]policy.Finding, error) {
	d := j.begin(ctx, r, facts)
	var found []policy.Finding
	var err error
	if d.kept, err = d.keeper(ctx); err != nil {
		return nil, err
	}
	switch subject := r.subject().(type) {
	case *fact.Workload:
		found, err = d.workload(ctx)
	case *fact.Table:
		if r.New == nil {
			found, err = d.tableGoes(ctx, subject)
			break
		}
		found, err = d.table(ctx, subject)
	case *fact.Backend:
		found, err = d.backend(ctx, subject)
	case *fact.Service:
		found, err = d.service(ctx, subject)
	case *fact.Namespace:
		found, err = d.groupList(ctx)
	default:
		err = fmt.Errorf("nothing judges %T: it has no case here", subject)
	}
	return policy.Sort(d.advise(found)), err
}

// decision is one request under judgement. What several parts of it ask is asked once.
type decision struct {
	*Judge
	request Request
	// before and after are the worlds without and with what the request does.
	before, after fact.Reader
	// dialect is the object's; that in which Aviary writes for a kind of Kubernetes' own.
	dialect dialect.Dialect
	// namespace returns the object's; nil if there is none.
	namespace func() (*fact.Namespace, error)
	// parents returns what leads to the dialect's tables.
	parents func() (dialect.Parents, error)
	ways    map[*fact.Table][]dialect.Way
	// kept is the living app that Aviary keeps the object for; nil for none.
	kept *convention.App
	// uncompared: tables of the own namespace were left out, as they are too many.
	uncompared bool
}

func (j *Judge) begin(ctx context.Context, r Request, facts fact.Reader) *decision {
	id := r.id()
	before := inventory.Overlay{Reader: facts, ID: id, Now: r.Old}
	after := inventory.Overlay{Reader: facts, ID: id, Now: r.New}
	if r.Operation == Audit {
		before.Now = r.New
	}
	d := &decision{
		request: r, before: before, after: after, dialect: j.kinds.Dialect(id.GroupKind),
		ways: map[*fact.Table][]dialect.Way{},
	}
	d.namespace = sync.OnceValues(func() (*fact.Namespace, error) { return facts.Namespace(ctx, placeOf(id)) })
	d.parents = sync.OnceValues(func() (dialect.Parents, error) { return d.dialect.Parents(ctx, d.after) })
	d.Judge = j.in(d)
	return d
}

// placeOf is the namespace that the object is in; of a Namespace, itself.
func placeOf(id route.ID) string {
	if id.GroupKind == fact.NamespaceKind {
		return id.Name
	}
	return id.Namespace
}

// document starts the input document.
func (d *decision) document() *input.Document {
	id := d.request.id()
	return &input.Document{
		Operation: string(d.request.Operation),
		Dialect:   d.dialect.Name(),
		Kind:      id.Kind,
		Noun:      d.kinds.Noun(id.GroupKind),
		Namespace: id.Namespace,
		Name:      id.Name,
		Settled:   d.request.Settled,
		Kept:      d.kept != nil,
		User:      d.request.User,
	}
}
