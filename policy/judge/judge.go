package judge

import (
	"context"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/route"
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
	Old, New fact.Fact
	// Whole returns the old object with its routes, where Old may have its metadata only; nil where Old has all.
	Whole func() fact.Fact
	// Settled says that the object has stood in the cluster long enough for what it needs to have
	// followed.
	Settled bool
	// Now is when the request is judged; zero where nobody asks for the time.
	Now time.Time
	// InStep has it judged as if the app's table followed what the app says.
	InStep bool
	// User is who asks; empty where nobody does.
	User string
	// AnySize: a table is judged whole, however large it is.
	AnySize bool
	// Look asks the API server; nil where nobody does.
	Look Look
	// May tells whether the user may create, update or delete objects of a sibling kind in the request's
	// namespace; nil where nobody asks.
	May func(ctx context.Context, verb string, kind schema.GroupKind) (bool, error)
}

// Look reads what there is now, where what the judge is told may lag behind.
type Look interface {
	Table(ctx context.Context, id route.ID) (*fact.Table, error)
	// TablesIn returns the objects with routes of a namespace.
	TablesIn(ctx context.Context, namespace string) ([]*fact.Table, error)
}

// subject returns the object under judgement.
func (r Request) subject() fact.Fact {
	if r.New != nil {
		return r.New
	}
	return r.Old
}

// Table names the table of the app that a workload is, or was, a version of.
func (r Request) Table(kinds *dialect.Kinds) route.ID {
	for _, f := range []fact.Fact{r.Old, r.New} {
		if w, ok := f.(*fact.Workload); ok && w != nil && w.Version != nil {
			return kinds.Table(appOf(w.Version))
		}
	}
	return route.ID{}
}

func (r Request) id() route.ID { return r.subject().Identity() }

// Judge holds what stays the same from one decision to the next. It is immutable and safe for
// concurrent use.
type Judge struct {
	engine   *policy.Engine
	settings convention.Settings
	kinds    *dialect.Kinds
}

// New makes a Judge.
func New(engine *policy.Engine, settings convention.Settings, kinds *dialect.Kinds) *Judge {
	return &Judge{engine: engine, settings: settings, kinds: kinds}
}

// Rule returns a rule by its id.
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

// Enforcement caps every rule that isn't fixed.
func (j *Judge) Enforcement() policy.Mode { return j.engine.Enforcement() }

// Settings are those that the Judge reads apps with.
func (j *Judge) Settings() convention.Settings { return j.settings }

// Kinds are those that the Judge knows.
func (j *Judge) Kinds() *dialect.Kinds { return j.kinds }

// name returns what messages call an object: "upstream echo/echo".
func (j *Judge) name(id route.ID) string { return j.kinds.Noun(id.GroupKind) + " " + id.Ref.String() }
