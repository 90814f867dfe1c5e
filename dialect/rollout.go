package dialect

import (
	"k8s.io/apimachinery/pkg/runtime"

	"aviary.dev/convention"
	"aviary.dev/fact"
)

// rollout is Argo's workload. Not every cluster serves it, and where one does its Pods count.
func (k *Kinds) rollout() Kind {
	return Kind{
		GroupVersionKind: fact.RolloutKind.WithVersion("v1alpha1"), Resource: "rollouts", Role: Workload,
		Unwatched: true, Noun: fact.RolloutKind.Kind, New: as[rolloutObject],
		Fact: func(o Object) fact.Fact { return k.readRollout(o.(*rolloutObject)) },
	}
}

// rolloutObject has a Deployment's shape and some more.
type rolloutObject struct {
	convention.Deployment
	Spec struct {
		convention.DeploymentSpec
		WorkloadRef struct {
			Kind string `json:"kind"`
			Name string `json:"name"`
		} `json:"workloadRef"`
		Strategy struct {
			Canary struct {
				Canary podLabels `json:"canaryMetadata"`
				Stable podLabels `json:"stableMetadata"`
			} `json:"canary"`
			BlueGreen struct {
				Active  podLabels `json:"activeMetadata"`
				Preview podLabels `json:"previewMetadata"`
			} `json:"blueGreen"`
		} `json:"strategy"`
	} `json:"spec"`
}

// podLabels are what Argo gives to the Pods of a role.
type podLabels struct {
	Labels map[string]string `json:"labels"`
}

func (o *rolloutObject) DeepCopyObject() runtime.Object { out := *o; return &out }

func (k *Kinds) readRollout(o *rolloutObject) *fact.Workload {
	d, strategy := o.Deployment, &o.Spec.Strategy
	d.Spec = o.Spec.DeploymentSpec
	r := fact.Rollout{PodLabels: []map[string]string{
		strategy.Canary.Canary.Labels, strategy.Canary.Stable.Labels,
		strategy.BlueGreen.Active.Labels, strategy.BlueGreen.Preview.Labels,
	}}
	r.TemplateOf.Kind, r.TemplateOf.Name = o.Spec.WorkloadRef.Kind, o.Spec.WorkloadRef.Name
	return fact.ReadRollout(&d, r, k.keys)
}
