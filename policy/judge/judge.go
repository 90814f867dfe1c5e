package judge

import (
	"context"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// Operation is what the request does.
type Operation string

// The operations; Scale is an update of a workload's replicas, Audit judges an object as it stands.
const (
	Create Operation = "CREATE"
	Update Operation = "UPDATE"
	Delete Operation = "DELETE"
	Scale  Operation = "SCALE"
	Audit  Operation = "AUDIT"
)

// Request is one change, or one object under audit.
type Request struct {
	Operation Operation
	// Old is nil for Create and Audit; New is nil for Delete.
	Old, New inventory.Fact
	// Settled says that the object has stood in the cluster long enough for what it needs to have followed.
	Settled bool
	// User is who asks; empty where nobody does.
	User string
	// May tells whether the user may create or update objects of a sibling kind in the request's namespace; nil where
	// nobody asks.
	May func(ctx context.Context, verb string, kind schema.GroupKind) (bool, error)
}

func (r Request) id() inventory.ID {
	if r.New != nil {
		return r.New.Identity()
	}
	return r.Old.Identity()
}

// Judge holds what stays the same from one decision to the next. It is immutable and safe for concurrent use.
type Judge struct {
	engine   *policy.Engine
	settings convention.Settings
	build    *policy.Builder
}

// New makes a Judge.
func New(engine *policy.Engine, settings convention.Settings) *Judge {
	return &Judge{engine: engine, settings: settings, build: policy.NewBuilder()}
}

// Rule gives a rule by its id.
func (j *Judge) Rule(id string) (policy.Rule, bool) {
	for _, r := range j.engine.Rules() {
		if r.ID == id {
			return r, true
		}
	}
	return policy.Rule{}, false
}

// RuleIDs lists the rules' ids, sorted.
func (j *Judge) RuleIDs() []string {
	var ids []string
	for _, r := range j.engine.Rules() {
		ids = append(ids, r.ID)
	}
	return ids
}

// Enforcement caps every rule but those about Aviary's own hands.
func (j *Judge) Enforcement() policy.Mode { return j.engine.Enforcement() }

// Settings are those that the Judge reads apps with.
func (j *Judge) Settings() convention.Settings { return j.settings }

// Judge gives the findings, sorted. The error is that of a fact that could not be had or of a rule that could not be
// evaluated; what to make of it is for the caller to say.
func (j *Judge) Judge(ctx context.Context, r Request, facts inventory.Reader) ([]policy.Finding, error) {
	j = j.in(ctx, r, facts)
	before := inventory.Overlay{Reader: facts, ID: r.id(), Now: r.Old}
	after := inventory.Overlay{Reader: facts, ID: r.id(), Now: r.New}
	if r.Operation == Audit {
		before.Now = r.New
	}
	var findings []policy.Finding
	var err error
	switch subject := subjectOf(r).(type) {
	case *inventory.Workload:
		findings, err = j.workload(ctx, r, before, after)
	case *inventory.Table:
		if r.New == nil {
			return nil, nil // what a route's end strands is judged where the app is
		}
		findings, err = j.table(ctx, r, subject, after)
	case *inventory.Upstream:
		findings, err = j.upstream(ctx, r, subject, before, after)
	case *inventory.Service:
		findings, err = j.service(ctx, r, subject, after)
	}
	return policy.Sort(findings), err
}

func subjectOf(r Request) inventory.Fact {
	if r.New != nil {
		return r.New
	}
	return r.Old
}

// head starts an input document.
func (j *Judge) head(r Request) *policy.Object {
	id := r.id()
	doc := j.build.Object()
	doc.String("operation", string(r.Operation))
	doc.String("kind", id.Kind)
	doc.String("namespace", id.Namespace)
	doc.String("name", id.Name)
	if r.Settled {
		doc.Bool("settled", true)
	}
	if r.User != "" {
		doc.String("user", r.User)
	}
	return doc
}
