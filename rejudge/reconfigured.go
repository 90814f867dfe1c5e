package rejudge

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	ctrl "sigs.k8s.io/controller-runtime"

	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// Reconfigured tells which live routes requests would no longer come to by another configuration, on the replica that
// leads: to be called before it is in force, since afterwards the tables have other labels. The Event regards an object
// that stands for the configuration. It takes [limit] at most.
func (r *Rejudger) Reconfigured(ctx context.Context, next *judge.Judge, regarding *corev1.ObjectReference) {
	if !r.leads() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found, err := next.Regrouped(ctx, r.Store)
	if err != nil {
		failed.Inc()
		ctrl.LoggerFrom(ctx).Error(err, "what a new configuration does to live routes could not be judged")
		return
	}
	for _, f := range found {
		if f.Mode < policy.ModeWarn {
			continue
		}
		broken.WithLabelValues(f.Rule).Inc()
		about := regarding.DeepCopy()
		about.FieldPath = f.Field
		r.say(about, "Judge "+f.Rule, f.String())
	}
}
