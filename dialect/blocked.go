package dialect

import (
	"context"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Tellers names the siblings on which the annotation aviary.dev/blocked of an app may stand, in the order in which they
// are tried: its Service, then its backend.
func (k *Kinds) Tellers(app route.Ref) []route.ID {
	var out []route.ID
	for _, kind := range k.Written() {
		if kind.Role == Service || kind.Role == Backend {
			out = append(out, k.sibling(kind, app))
		}
	}
	return out
}

// Blocked returns what keeps Aviary from writing the app's siblings, as one of them tells; false if none does. What
// names no kind of sibling is none of Aviary's annotations.
func (k *Kinds) Blocked(ctx context.Context, facts fact.Reader, app route.Ref) (fact.Blocked, bool, error) {
	for _, id := range k.Tellers(app) {
		f, err := fact.Find(ctx, facts, id)
		if err != nil {
			return fact.Blocked{}, false, err
		}
		if f == nil || fact.StateOf(f).App != app.Name {
			continue
		}
		b, ok := fact.ParseBlocked(fact.StateOf(f).Blocked)
		if kind := k.writtenAs(b.Kind); ok && kind != nil {
			if b.Name == "" {
				b.Name = k.sibling(kind, app).Name
			}
			return b, true, nil
		}
	}
	return fact.Blocked{}, false, nil
}

// NewBlocked says that a sibling of the app can't be written.
func (k *Kinds) NewBlocked(app route.Ref, id route.ID) fact.Blocked {
	if kind := k.Of(id.GroupKind); kind != nil && k.sibling(kind, app) == id {
		return fact.Blocked{Kind: id.Kind}
	}
	return fact.Blocked{Kind: id.Kind, Name: id.Name}
}

// sibling names the one of its kind that every app has.
func (k *Kinds) sibling(kind *Kind, app route.Ref) route.ID {
	name := ""
	switch kind.Role {
	case Table:
		name = convention.TableName(app.Name)
	case Service:
		name = convention.ServiceName(app.Name)
	default:
		name = convention.BackendName(app.Name)
	}
	return route.ID{GroupKind: kind.GroupKind(), Ref: route.Ref{Namespace: app.Namespace, Name: name}}
}

// writtenAs returns the kind of siblings with the name; nil if there is none.
func (k *Kinds) writtenAs(name string) *Kind {
	for _, kind := range k.Written() {
		if kind.Kind == name {
			return kind
		}
	}
	return nil
}
