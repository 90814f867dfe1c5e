package audit

import (
	"context"
	"fmt"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy/judge"
)

// plan adds to the facts the siblings that Aviary would keep beside the apps in files, where the files don't have them: a
// hand-made route to an app's Upstream is right although the Upstream is in no file. They are not judged, because the
// apps that they follow from are.
func (s *Set) plan(ctx context.Context, j *judge.Judge) error {
	if len(s.seen) == 0 {
		return nil // all is live: what does not stand there is missing
	}
	for _, ref := range s.store.Apps() {
		app, err := judge.App(ctx, s.facts, ref, j.Settings())
		if err != nil {
			return err
		}
		if len(app.Versions) == 0 {
			continue
		}
		for _, u := range gloo.Siblings(app, app.Plan(nil), "") {
			text, err := u.MarshalJSON()
			if err != nil {
				return err
			}
			fact, err := inventory.Decode(u.GroupVersionKind().GroupKind(), text, s.keys)
			if err != nil {
				return fmt.Errorf("plan %s: %w", ref, err)
			}
			known, err := s.has(ctx, fact)
			if err != nil {
				return err
			}
			if !known {
				s.know(fact)
			}
		}
	}
	return nil
}

// has reports whether there is an object of the name of a sibling.
func (s *Set) has(ctx context.Context, fact inventory.Fact) (bool, error) {
	switch f := fact.(type) {
	case *inventory.Service:
		got, err := s.store.Service(ctx, f.Ref)
		return got != nil, err
	case *inventory.Upstream:
		got, err := s.store.Upstream(ctx, f.Ref)
		return got != nil, err
	case *inventory.Table:
		got, err := s.store.Table(ctx, f.Identity())
		return got != nil, err
	}
	return false, nil
}
