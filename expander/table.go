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

// table is what an app's table says.
type table struct {
	exists     bool
	wasPrimary string
	// weights are those of the main routes; versions are all that any route names.
	weights  map[string]int
	versions map[string]struct{}
}

// liveTable returns what the app's table says now: from memory if what was last written still
// stands, else from the API server.
func (e *Expander) liveTable(ctx context.Context, app route.Ref, m *memory) (table, error) {
	id := e.Kinds.Table(app)
	if last, ok := m.known[id]; ok && last.version == e.seen(id) {
		return last.table, nil
	}
	kind := e.Kinds.Of(id.GroupKind)
	live := kind.New()
	err := e.Client.Get(ctx, client.ObjectKey{Namespace: id.Namespace, Name: id.Name}, live)
	switch {
	case apierrors.IsNotFound(err), meta.IsNoMatchError(err):
		return table{}, nil
	case err != nil:
		return table{}, err
	case !isManaged(live, app.Name):
		return table{}, nil
	}
	t := kind.Fact(live).(*fact.Table)
	return readTable(t.Routes, t.WasPrimary, e.Kinds.Keys()), nil
}

// readTable reads the routes of a plan and of a live table alike.
func readTable(routes []route.Route, wasPrimary string, keys convention.LabelKeys) table {
	out := table{exists: true, wasPrimary: wasPrimary, weights: map[string]int{}, versions: map[string]struct{}{}}
	for _, r := range routes {
		for _, d := range r.Destinations {
			version := ""
			if d.Backend != nil {
				version = d.Backend.Labels[keys.Version]
			}
			out.versions[version] = struct{}{}
			if r.Weighted && d.Weight.Written {
				out.weights[version] = int(d.Weight.Value)
			}
		}
	}
	return out
}
