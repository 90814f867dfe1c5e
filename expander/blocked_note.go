package expander

import (
	"context"
	"errors"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

const (
	// noteTime is how long a try to write or take away the note may last. It comes on top of the write that fails.
	noteTime = time.Second
	// noteRest is how long a sibling on which the note could not be written is left alone.
	noteRest = 30 * time.Second
	// noteHolds is how long a note of one sibling stays before its reason may change: some texts differ at each try.
	noteHolds = time.Minute
)

// note is what is remembered of the annotation aviary.dev/blocked, by which every replica knows that an app is blocked.
type note struct {
	blocked fact.Blocked
	written time.Time
	// rests are the siblings on which it could not be written, with the time until which they are left alone.
	rests map[route.ID]time.Time
}

// next is what the note should say, of what it could say.
func (n *note) next(b fact.Blocked, now time.Time) fact.Blocked {
	same := n.blocked.Kind == b.Kind && n.blocked.Name == b.Name && n.blocked.Since.Equal(b.Since)
	if same && now.Sub(n.written) < noteHolds {
		return n.blocked
	}
	return b
}

// writeNote notes what blocks the app on its first sibling that can be written, but on none that is failing itself.
func (e *Expander) writeNote(ctx context.Context, app route.Ref, m *memory, failing route.ID, b fact.Blocked) {
	n, now := &m.trouble.note, e.Now()
	b = n.next(b, now)
	if b == n.blocked && now.Sub(n.written) < retryBlocked {
		return // whoever took it away would do so again
	}
	for _, id := range e.Kinds.Tellers(app) {
		switch state := fact.StateOf(e.Store.Fact(id)); {
		case state.App != app.Name, id == failing, now.Before(n.rests[id]):
			continue
		case state.Blocked != b.String():
			if err := e.annotate(ctx, app, m, id, b.String()); err != nil {
				n.rest(id, now)
				if errors.Is(err, context.DeadlineExceeded) {
					return
				}
				continue
			}
			n.written = now
		}
		n.blocked = b
		return
	}
}

func (n *note) rest(id route.ID, now time.Time) {
	if n.rests == nil {
		n.rests = map[route.ID]time.Time{}
	}
	n.rests[id] = now.Add(noteRest)
}

// takeNotesAway removes the note of an app that is not blocked, whoever wrote it. It returns when to try again if that
// failed.
func (e *Expander) takeNotesAway(ctx context.Context, app route.Ref, m *memory) (again time.Duration) {
	for _, id := range e.Kinds.Tellers(app) {
		state := fact.StateOf(e.Store.Fact(id))
		wrote := m != nil && m.trouble.note.blocked.Kind != ""
		if state.App != app.Name || state.Blocked == "" && !wrote {
			continue
		}
		if _, waits := isContested(e.contest(id)); waits {
			again = restWrite
		} else if e.annotate(ctx, app, m, id, "") != nil {
			again = retryBlocked
		}
	}
	if m != nil && again == 0 {
		m.trouble.note = note{}
	}
	return again
}

// notedSince returns since when the app is blocked as a sibling tells; zero if none does.
func (e *Expander) notedSince(ctx context.Context, app route.Ref) time.Time {
	b, _, _ := e.Kinds.Blocked(ctx, e.Store, app)
	return b.Since
}

// errGone is of a sibling that is not there to be written on any more.
var errGone = errors.New("it is gone")

// annotate writes the note on one sibling if it says something else; without a text it takes the note away.
func (e *Expander) annotate(ctx context.Context, app route.Ref, m *memory, id route.ID, text string) error {
	ctx, cancel := context.WithTimeout(ctx, noteTime)
	defer cancel()
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(e.Kinds.Of(id.GroupKind).GroupVersionKind)
	err := e.Client.Get(ctx, client.ObjectKey{Namespace: id.Namespace, Name: id.Name}, live)
	annotations := live.GetAnnotations()
	stands, has := annotations[convention.KeyBlocked]
	switch {
	case client.IgnoreNotFound(err) != nil:
		return err
	case err != nil, !isKept(live, app.Name, nil), live.GetDeletionTimestamp() != nil:
		if text == "" {
			return nil
		}
		return errGone
	case stands == text && has == (text != ""):
		return nil
	}
	why := "the app is blocked"
	if text == "" {
		why = "the app is not blocked"
		delete(annotations, convention.KeyBlocked)
		e.putBack(id)
	} else {
		annotations = union(annotations, map[string]string{convention.KeyBlocked: text})
	}
	live.SetAnnotations(annotations)
	before := live.GetResourceVersion()
	if err := e.Client.Update(ctx, live, client.FieldOwner(fact.FieldManager)); err != nil {
		return err
	}
	wrote(ctx, app, id, "update", why)
	if m == nil {
		return nil
	}
	if last, ok := m.known[id]; ok && last.version == before {
		last.version = live.GetResourceVersion()
		m.known[id] = last
	}
	return nil
}
