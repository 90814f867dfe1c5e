package judge

import (
	"time"

	"aviary.dev/policy"
)

// in returns the judge with the modes and exceptions that hold for the decision's object. A
// Namespace that could not be looked up, or that is not seen yet (the API server admits nothing
// into one that does not exist), has unknown labels: then the strictest modes hold that they could
// lead to.
func (j *Judge) in(d *decision) *Judge {
	id := d.request.id()
	scope := policy.Scope{Namespace: placeOf(id), Kind: id.Kind, Name: id.Name, Now: time.Now()}
	if j.engine.AsksLabels() {
		if ns, err := d.namespace(); err == nil && ns != nil {
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
