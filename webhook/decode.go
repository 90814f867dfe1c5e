package webhook

import (
	"context"
	"fmt"

	jsonv2 "github.com/go-json-experiment/json"
	admissionv1 "k8s.io/api/admission/v1"
	autoscalingv1 "k8s.io/api/autoscaling/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// decode reads what a request is about. Only the parts that matter are decoded.
func decode(ctx context.Context, req *admissionv1.AdmissionRequest, keys convention.LabelKeys, live inventory.Reader) (judge.Request, error) {
	if req.Resource.Resource == "deployments" && req.SubResource == "scale" {
		return decodeScale(ctx, req, live)
	}
	r := judge.Request{Operation: judge.Operation(req.Operation)}
	kind := schema.GroupKind{Group: req.Kind.Group, Kind: req.Kind.Kind}
	var err error
	if r.New, err = inventory.Decode(kind, req.Object.Raw, keys); err != nil {
		return r, fmt.Errorf("object: %w", err)
	}
	if kind.Kind == gloo.KindRouteTable && r.New != nil && len(req.OldObject.Raw) > 0 {
		r.Old, err = inventory.DecodeTableLabels(req.OldObject.Raw)
	} else {
		r.Old, err = inventory.Decode(kind, req.OldObject.Raw, keys)
	}
	if err != nil && r.New != nil { // which may be the repair
		r.Old, err = inventory.DecodeMetadata(kind, req.OldObject.Raw, keys)
	}
	if err != nil {
		return r, fmt.Errorf("oldObject: %w", err)
	}
	if r.Old == nil && r.New == nil {
		return r, fmt.Errorf("it holds no object of a kind that Aviary judges (%s)", kind)
	}
	return r, nil
}

// wholeOld decodes what was left out of the old object, if it can be read.
func (c *call) wholeOld() {
	kind := schema.GroupKind{Group: c.Kind.Group, Kind: c.Kind.Kind}
	if kind.Kind != gloo.KindRouteTable || c.request.New == nil || len(c.OldObject.Raw) == 0 {
		return
	}
	if old, err := inventory.Decode(kind, c.OldObject.Raw, c.judge.Settings().Keys); err == nil {
		c.request.Old = old
	}
}

// decodeScale makes the Scale an update of the Deployment that it stands for, which is read live: a Scale has none of its
// annotations, and only scaling to 0 comes here.
func decodeScale(ctx context.Context, req *admissionv1.AdmissionRequest, live inventory.Reader) (judge.Request, error) {
	r := judge.Request{Operation: judge.Scale}
	var scale autoscalingv1.Scale
	if err := jsonv2.Unmarshal(req.Object.Raw, &scale); err != nil {
		return r, fmt.Errorf("object: %w", err)
	}
	id := inventory.ID{Kind: inventory.KindDeployment, Ref: route.Ref{Namespace: req.Namespace, Name: req.Name}}
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
