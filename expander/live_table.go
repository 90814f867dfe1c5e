package expander

import (
	"context"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// liveTable returns what the app's table says now: from memory if what was last written still stands, else from the
// API server. Of a table that is gone, or contested, it is what was last written.
func (e *Expander) liveTable(
	ctx context.Context, app route.Ref, versions []*fact.Workload, m *memory,
) (convention.LiveTable, error) {
	id := e.Kinds.Table(app)
	last, ok := m.known[id]
	if ok && (last.version == e.seen(id) || e.contests.writes.Wait(id, e.Now()) > 0) {
		return last.says, nil
	}
	gone := last.says
	gone.Exists = false
	kind := e.Kinds.Of(id.GroupKind)
	live := kind.New()
	err := e.Client.Get(ctx, client.ObjectKey{Namespace: id.Namespace, Name: id.Name}, live)
	switch {
	case apierrors.IsNotFound(err), meta.IsNoMatchError(err):
		return gone, nil
	case err != nil:
		return convention.LiveTable{}, err
	case !isKept(live, app.Name, versions):
		return gone, nil
	}
	return kind.Fact(live).(*fact.Table).Live(app.Name, versions, e.Kinds.Keys()), nil
}
