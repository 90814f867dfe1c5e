package expander

import (
	"context"
	"encoding/json"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/route"
)

// liveTable is what an app's RouteTable says now.
type liveTable struct {
	exists     bool
	wasPrimary string
	// weights are those of the main routes; versions are all that any route names.
	weights  map[string]int
	versions map[string]struct{}
}

// table reads the app's RouteTable: from memory if what was last written still stands, else from the API server.
func (e *Expander) table(ctx context.Context, app route.Ref, m *memory) (liveTable, error) {
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(gloo.GatewayGroup.WithKind(gloo.KindRouteTable))
	live.SetNamespace(app.Namespace)
	live.SetName(convention.TableName(app.Name))
	if last, ok := m.kept[gloo.KindRouteTable+"/"+live.GetName()]; ok && last.version == e.seen(ctx, live) {
		return last.table, nil
	}
	err := e.Client.Get(ctx, client.ObjectKeyFromObject(live), live)
	switch {
	case apierrors.IsNotFound(err), meta.IsNoMatchError(err):
		return liveTable{}, nil
	case err != nil:
		return liveTable{}, err
	case !ours(live, app.Name):
		return liveTable{}, nil
	}
	return readTable(live, e.Behaviour().Settings.Keys)
}

func readTable(o *unstructured.Unstructured, keys convention.LabelKeys) (liveTable, error) {
	var t gloo.RouteTable
	data, err := json.Marshal(o.Object)
	if err == nil {
		err = json.Unmarshal(data, &t)
	}
	if err != nil {
		return liveTable{}, err
	}
	out := liveTable{exists: true, wasPrimary: t.Annotations[convention.KeyWasPrimary], weights: map[string]int{}, versions: map[string]struct{}{}}
	for _, r := range t.Table().Routes {
		for _, d := range r.Destinations {
			version := d.Subset[keys.Version]
			out.versions[version] = struct{}{}
			if r.Weighted && d.Weight != nil {
				out.weights[version] = int(*d.Weight)
			}
		}
	}
	return out, nil
}
