package judge

import (
	"context"
	"time"

	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// in gives the judge with the modes and exceptions that hold for the object of the request. A Namespace that could not be
// looked up, or that is not seen yet (the API server admits nothing into one that does not exist), has unknown labels:
// then the strictest modes hold that they could lead to.
func (j *Judge) in(ctx context.Context, r Request, facts inventory.Reader) *Judge {
	id := r.id()
	scope := policy.Scope{Namespace: id.Namespace, Kind: id.Kind, Name: id.Name, Now: time.Now()}
	if j.engine.AsksLabels() {
		if ns, err := facts.Namespace(ctx, id.Namespace); err == nil && ns != nil {
			scope.Labels = map[string]string{}
			if ns.Labels != nil {
				scope.Labels = ns.Labels
			}
		}
	}
	engine := j.engine.In(scope)
	if engine == j.engine {
		return j
	}
	scoped := *j
	scoped.engine = engine
	return &scoped
}
