package webhook

import (
	"context"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// managed says what Aviary does about the change of an object that it keeps.
type managed struct {
	// app is the living app that it keeps the object for; empty for an object that nobody puts back.
	app string
	// putsBack: the request changes what Aviary writes.
	putsBack bool
	// holds reports whether a rule refuses even changes that are put back.
	holds func(rule string) bool
}

// managedBy returns what Aviary does about the request's object. Labels alone do not count: the
// app must live and its plan must have an object of that name, or anybody could claim to be exempt,
// and what the plan doesn't have nobody puts back. Nobody does, either, if the request hands the
// object over (docs/adr/0024), if the object is being deleted, or if Aviary can't write now.
func (v *Validate) managedBy(ctx context.Context, c *call) (managed, error) {
	r := c.request
	if r.Old == nil {
		return managed{}, nil // a sibling that somebody else creates is a collision or a restore, judged like any object
	}
	app, err := r.Keeper(ctx, v.Facts)
	if app == "" || err != nil || fact.StateOf(r.Old).Terminating || v.Missing != nil && len(v.Missing()) > 0 {
		return managed{}, err
	}
	planned, err := v.planned(ctx, c.judge, app, r.Old.Identity())
	if err != nil || planned == nil {
		return managed{}, err
	}
	return managed{
		app: app, putsBack: rewrites(&c.AdmissionRequest, c.judge.Kinds().Of(planned.GroupKind), planned),
		holds: func(id string) bool { rule, _ := c.judge.Rule(id); return rule.Kept },
	}, nil
}

// planned returns the object of that name in the app's plan; nil if there is none, or if the app is
// blocked at it or before.
func (v *Validate) planned(
	ctx context.Context, j *judge.Judge, app string, id route.ID,
) (*dialect.Sibling, error) {
	if kind := j.Kinds().Of(id.GroupKind); kind == nil || !kind.Written {
		return nil, nil
	}
	ref := route.Ref{Namespace: id.Namespace, Name: app}
	a, err := judge.App(ctx, v.Facts, ref, j.Settings(), j.Kinds())
	if err != nil || len(a.Versions) == 0 {
		return nil, err
	}
	stuck, isBlocked, err := j.Blocked(ctx, ref, v.Facts)
	if err != nil {
		return nil, err
	}
	for _, s := range j.Kinds().Writer().Siblings(a, a.Plan(nil)) {
		switch {
		case isBlocked && s.Kind == stuck.Kind && s.Name == stuck.Name:
			return nil, nil // what stands behind it is not written, either
		case s.ID == id:
			return &s, nil
		}
	}
	return nil, nil
}
