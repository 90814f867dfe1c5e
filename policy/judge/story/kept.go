package story

import (
	"context"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// TellKept returns what is found if Aviary keeps the request's object for an app, whose one Deployment is called as
// said: of the request, and of the object as it then stands. An object that carries an app's label is of that app. One
// that Aviary can't keep has no findings.
func (s *Story) TellKept(ctx context.Context, config policy.Config, app, deployment string) ([]policy.Finding, error) {
	if s.request.New == nil {
		return nil, nil
	}
	id := s.request.New.Identity()
	if kind := s.kinds.Of(id.GroupKind); kind == nil || !kind.Written {
		return nil, nil
	}
	if said := fact.StateOf(s.request.New).App; said != "" {
		app = said
	}
	kept := *s
	kept.facts = append(slices.Clone(s.facts), &fact.Workload{
		ID:      route.ID{GroupKind: fact.DeploymentKind, Ref: route.Ref{Namespace: id.Namespace, Name: deployment}},
		Version: &convention.Version{Namespace: id.Namespace, Deployment: deployment, App: app, Name: "v1"},
	})
	var out []policy.Finding
	for _, r := range []judge.Request{{Operation: judge.Audit, New: s.request.New, Settled: true}, s.request} {
		if r.Operation == judge.Create {
			continue // which Aviary keeps only from then on
		}
		for _, f := range []fact.Fact{r.Old, r.New} {
			if m, ok := f.(interface{ State() *fact.Managed }); ok {
				m.State().App = app
			}
		}
		kept.request = r
		found, err := kept.judge(ctx, config, Engine)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}
