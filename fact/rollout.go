package fact

import "aviary.dev/convention"

// rolloutHash is the key of a label that Argo gives to all Pods of Rollouts; nobody knows its values before.
const rolloutHash = "rollouts-pod-template-hash"

// Rollout is what is read of an Argo Rollout beside what it has in common with a Deployment.
type Rollout struct {
	// TemplateOf is what it takes its pod template from; its kind is empty where it has a template of its own.
	TemplateOf struct{ Kind, Name string }
	// PodLabels are sets of labels that Argo gives to the Pods of a role, as long as they have it.
	PodLabels []map[string]string
}

// ReadRollout returns the fact of an Argo Rollout. Of Pods whose template is another's, only the labels by which it
// selects them are known, until [Workload.Borrow].
func ReadRollout(d *convention.Deployment, r Rollout, keys convention.LabelKeys) *Workload {
	w := ReadWorkload(RolloutKind, d, keys)
	w.Sometimes = map[string][]string{rolloutHash: nil}
	for _, labels := range r.PodLabels {
		for key, value := range labels {
			w.Sometimes[key] = append(w.Sometimes[key], value)
		}
	}
	if r.TemplateOf.Kind == "" {
		return w
	}
	w.Labels, w.Cut, w.Ports, w.Unlisted = nil, "", nil, true
	if d.Spec.Selector != nil {
		w.Labels, w.Cut = few(d.Spec.Selector.MatchLabels, keys.App, keys.Version)
	}
	if r.TemplateOf.Kind == DeploymentKind.Kind {
		w.Borrows = r.TemplateOf.Name
	}
	return w
}

// Borrow returns the workload with the pod template of a Deployment.
func (w *Workload) Borrow(from *Workload) *Workload {
	out := *w
	out.Labels, out.Cut, out.Ports, out.Unlisted = from.Labels, from.Cut, from.Ports, from.Unlisted
	return &out
}
