package webhook

import (
	"context"
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"
	admissionv1 "k8s.io/api/admission/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// decode reads what a request is about. Only the parts that matter are decoded.
func decode(
	ctx context.Context, req *admissionv1.AdmissionRequest, kinds *dialect.Kinds, live fact.Reader,
) (judge.Request, error) {
	if req.SubResource == "scale" {
		return decodeScale(ctx, req, kinds, live)
	}
	r := judge.Request{Operation: judge.Operation(req.Operation)}
	kind := kindOf(req)
	var err error
	if known := kinds.Of(kind); known != nil && known.Unwatched {
		return decodeUnwatched(req, kinds)
	}
	if r.New, err = kinds.Decode(kind, req.Object.Raw); err != nil {
		return r, fmt.Errorf("object: %w", err)
	}
	if r.New != nil && isTable(kinds, kind) && !kinds.MayLead(kind, req.OldObject.Raw) {
		r.Old, err = kinds.DecodeMetadata(kind, req.OldObject.Raw)
	} else {
		r.Old, err = kinds.Decode(kind, req.OldObject.Raw)
	}
	if err != nil && r.New != nil { // which may be the repair
		ctrl.LoggerFrom(ctx).Info("an old object's content can't be read and counts as none", "level", "warning",
			"kind", kind.Kind, "namespace", req.Namespace, "name", req.Name, "reason", err.Error())
		r.Old, err = kinds.DecodeMetadata(kind, req.OldObject.Raw)
	}
	if err != nil {
		return r, fmt.Errorf("oldObject: %w", err)
	}
	if r.Old == nil && r.New == nil {
		return r, fmt.Errorf("it holds no object of a kind that Aviary judges (%s)", kind)
	}
	if req.SubResource == "status" {
		err = decodeStamps(req, r)
	}
	return r, err
}

// decodeUnwatched reads an object of which nobody knows what it was before, nor what rests on it: it is judged as if it
// were made now.
func decodeUnwatched(req *admissionv1.AdmissionRequest, kinds *dialect.Kinds) (r judge.Request, err error) {
	r.Operation = judge.Create
	if r.New, err = kinds.Decode(kindOf(req), req.Object.Raw); err != nil {
		err = fmt.Errorf("object: %w", err)
	}
	return r, err
}

// decodeStamps finds the stamps that a write of a Deployment's status changes.
func decodeStamps(req *admissionv1.AdmissionRequest, r judge.Request) error {
	w, ok := r.New.(*fact.Workload)
	if !ok || r.Old == nil {
		return nil
	}
	old, err := dialect.Metadata(req.OldObject.Raw)
	if err != nil {
		return fmt.Errorf("oldObject: %w", err)
	}
	now, err := dialect.Metadata(req.Object.Raw)
	if err != nil {
		return fmt.Errorf("object: %w", err)
	}
	w.Findings = append(w.Findings, convention.Stamped(old.Annotations, now.Annotations)...)
	return nil
}

// wholeOld adds what was left out of the old object, once, if it can be read: as the watch saw it in that very state,
// or else decoded.
func (c *call) wholeOld(ctx context.Context) {
	kinds, kind := c.judge.Kinds(), kindOf(&c.AdmissionRequest)
	if c.oldIsWhole || !isTable(kinds, kind) || c.request.New == nil || c.request.Old == nil {
		return
	}
	c.oldIsWhole = true
	was := fact.StateOf(c.request.Old)
	seen, err := c.facts.Table(ctx, c.request.Old.Identity())
	if err == nil && seen != nil && was.ResourceVersion != "" &&
		seen.UID == was.UID && seen.ResourceVersion == was.ResourceVersion {
		c.request.Old = seen
		return
	}
	if old, err := kinds.Decode(kind, c.OldObject.Raw); err == nil && old != nil {
		c.request.Old = old
	}
}

// decodeScale makes the Scale an update of the workload that it stands for, which is read live: a
// Scale has none of its annotations, and only scaling to 0 comes here.
func decodeScale(
	ctx context.Context, req *admissionv1.AdmissionRequest, kinds *dialect.Kinds, live fact.Reader,
) (judge.Request, error) {
	r := judge.Request{Operation: judge.Scale}
	kind := scaled(kinds, req)
	if kind == nil {
		return r, fmt.Errorf("it is the scale of a kind that Aviary does not judge (%s)", req.Resource.Resource)
	}
	var scale autoscalingv1.Scale
	if err := jsonv2.Unmarshal(req.Object.Raw, &scale); err != nil {
		return r, fmt.Errorf("object: %w", dialect.Explain(err))
	}
	id := route.ID{GroupKind: kind.GroupKind(), Ref: route.Ref{Namespace: req.Namespace, Name: req.Name}}
	old, err := live.Workload(ctx, id)
	if err != nil || old == nil {
		return r, err
	}
	now := *old
	now.Replicas = scale.Spec.Replicas
	if old.Version != nil {
		v := *old.Version
		v.Replicas = scale.Spec.Replicas
		now.Version = &v
	}
	r.Old, r.New = old, &now
	return r, nil
}

// scaled is the kind of workload that the Scale of a request stands for; nil for one that Aviary does not judge.
func scaled(kinds *dialect.Kinds, req *admissionv1.AdmissionRequest) *dialect.Kind {
	kind := kindOfResource(kinds, schema.GroupResource{Group: req.Resource.Group, Resource: req.Resource.Resource})
	if kind == nil || kind.Role != dialect.Workload {
		return nil
	}
	return kind
}

func kindOf(req *admissionv1.AdmissionRequest) schema.GroupKind {
	return schema.GroupKind{Group: req.Kind.Group, Kind: req.Kind.Kind}
}

func isTable(kinds *dialect.Kinds, kind schema.GroupKind) bool {
	known := kinds.Of(kind)
	return known != nil && known.Role == dialect.Table
}
