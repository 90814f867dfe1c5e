package webhook

import (
	"context"
	"encoding/json"
	"slices"
	"time"

	jsonv2 "github.com/go-json-experiment/json"
	admissionv1 "k8s.io/api/admission/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Mutate fills in what is absent, as a minimal JSON patch on what arrived. It never refuses: what
// it can't read, the validating webhook will.
type Mutate struct {
	Kinds *dialect.Kinds
	// Facts have the stamps of the app's other versions and the Namespace's API groups; both are
	// best effort.
	Facts fact.Reader
	Now   func() time.Time
}

// Handle implements admission.Handler.
func (m *Mutate) Handle(ctx context.Context, req admission.Request) admission.Response {
	resp := admission.Allowed("")
	patch, unfilled, err := m.patch(ctx, &req.AdmissionRequest)
	if err != nil {
		ctrl.LoggerFrom(ctx).V(1).Info("not defaulted", "kind", req.Kind.Kind,
			"namespace", req.Namespace, "name", req.Name, "reason", err.Error())
		return resp
	}
	for _, f := range unfilled[:min(len(unfilled), maxWarnings)] {
		resp.Warnings = append(resp.Warnings, cut("Aviary fills in no selector: "+f.Field+": "+f.Message+"; "+f.Fix))
	}
	if len(patch) == 0 {
		return resp
	}
	text, err := json.Marshal(patch)
	if err != nil {
		return admission.Errored(500, err)
	}
	jsonPatch := admissionv1.PatchTypeJSONPatch
	resp.Patch, resp.PatchType = text, &jsonPatch
	return resp
}

// patch returns what is filled in, and what keeps a selector from it.
func (m *Mutate) patch(
	ctx context.Context, req *admissionv1.AdmissionRequest,
) (p convention.Patch, unfilled []convention.Finding, err error) {
	if isTable(m.Kinds, kindOf(req)) {
		p, err = m.patchTable(ctx, req)
		return p, nil, err
	}
	return m.patchDeployment(ctx, req)
}

// patchTable reads nothing of the table but its metadata.
func (m *Mutate) patchTable(ctx context.Context, req *admissionv1.AdmissionRequest) (convention.Patch, error) {
	f, err := m.Kinds.DecodeMetadata(kindOf(req), req.Object.Raw)
	t, ok := f.(*fact.Table)
	if !ok {
		return nil, err
	}
	ns, err := m.Facts.Namespace(ctx, req.Namespace)
	if ns == nil || err != nil {
		return nil, err
	}
	return convention.DefaultTable(t.Labels, m.groups(req, ns.APIGroups), m.Kinds.Keys()), nil
}

// groups are those that the Namespace lists; where the table had one of them before the request, that one alone.
func (m *Mutate) groups(req *admissionv1.AdmissionRequest, listed []string) []string {
	f, err := m.Kinds.DecodeMetadata(kindOf(req), req.OldObject.Raw)
	if old, ok := f.(*fact.Table); ok && err == nil && slices.Contains(listed, old.Labels[m.Kinds.Keys().APIGroup]) {
		return []string{old.Labels[m.Kinds.Keys().APIGroup]}
	}
	return listed
}

func (m *Mutate) patchDeployment(
	ctx context.Context, req *admissionv1.AdmissionRequest,
) (p convention.Patch, unfilled []convention.Finding, err error) {
	var d convention.Deployment
	if err := jsonv2.Unmarshal(req.Object.Raw, &d); err != nil {
		return nil, nil, dialect.Explain(err)
	}
	var old *convention.Deployment
	if len(req.OldObject.Raw) > 0 {
		old = &convention.Deployment{}
		if err := jsonv2.Unmarshal(req.OldObject.Raw, old); err != nil {
			return nil, nil, dialect.Explain(err)
		}
	}
	others, live, err := m.beside(ctx, route.Ref{Namespace: req.Namespace, Name: d.Annotations[convention.KeyApp]})
	if err != nil {
		return nil, nil, err
	}
	if d.Namespace == "" {
		d.Namespace = req.Namespace
	}
	keys := m.Kinds.Keys()
	return convention.Default(old, &d, others, live, keys, m.Now()), convention.Unfilled(&d, keys), nil
}

// beside returns the versions of an app and what its table says; nothing for no app.
func (m *Mutate) beside(
	ctx context.Context, app route.Ref,
) (v []*convention.Version, live convention.LiveTable, err error) {
	if app.Name == "" {
		return nil, live, nil
	}
	workloads, err := m.Facts.App(ctx, app)
	if err != nil {
		return nil, live, err
	}
	for _, w := range workloads {
		v = append(v, w.Version)
	}
	t, err := m.Facts.Table(ctx, m.Kinds.Table(app))
	return v, t.Live(app.Name, workloads, m.Kinds.Keys()), err
}
