package expander

import (
	"errors"
	"net/http"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/joined"
	"aviary.dev/route"
)

// retryBlocked is when to try again after something that only people can mend: a kind that is not
// installed, a right that is missing, another admission policy that says no. It is no storm, and it
// heals by itself.
const retryBlocked = 15 * time.Second

// blocked names what an error says people have to mend; empty for an error of another kind.
func blocked(err error) string {
	for _, one := range joined.Errors(err) {
		switch {
		case inventory.NotServed(one):
			return "NotServed"
		case apierrors.IsForbidden(one):
			return "Forbidden"
		case refused(one):
			return "Refused"
		}
	}
	return ""
}

// refused tells what the API server will answer again to the same request: above all what another
// webhook (400, if it says no other code) or a ValidatingAdmissionPolicy (422) denies.
func refused(err error) bool {
	status, ok := errors.AsType[*apierrors.StatusError](err)
	if !ok {
		return false
	}
	switch code := status.ErrStatus.Code; code {
	case http.StatusNotFound, http.StatusRequestTimeout, http.StatusConflict, http.StatusTooManyRequests:
		return false
	default:
		return code >= http.StatusBadRequest && code < http.StatusInternalServerError
	}
}

// tellBlocked says once, at one of the app's Deployments, what keeps its siblings from coming.
func (e *Expander) tellBlocked(app route.Ref, workloads []*fact.Workload, err error) {
	reason := blocked(err)
	blockedTotal.WithLabelValues(reason).Inc()
	m := e.remember(app)
	if m.told[reason] || len(workloads) == 0 {
		return
	}
	m.told[reason] = true
	w := workloads[0]
	for _, o := range workloads {
		if o.Name < w.Name {
			w = o
		}
	}
	// client-go folds Events that are alike but for their text, and drops the second text: so the
	// action says what blocks.
	regarding := deployment(w.Namespace, w.Name, w.UID)
	e.Events.Eventf(regarding, nil, corev1.EventTypeWarning, "SiblingsHindered", "Expand"+reason,
		"app %s has not all of its siblings: %v", app.Name, err)
}

// tellPlan says once, at the app's first Deployment, that a state which admission refuses has come
// about all the same, and what became of the route.
func (e *Expander) tellPlan(
	app *convention.App, plan convention.Plan, live table, m *memory, owners []metav1.OwnerReference,
) {
	if plan.State != convention.Invalid || !live.exists {
		m.invalid = ""
		return
	}
	does, action, to := "its route stays as it is", "Keep", runtime.Object(nil)
	if len(plan.Routes) > 0 {
		v := plan.Shares[0].Version
		does, action = "its route names a version that is gone, so all traffic goes to "+v.Name, "Move"
		to = deployment(v.Namespace, v.Deployment, v.UID)
	}
	if m.invalid == does {
		return
	}
	m.invalid = does
	invalids.Inc()
	first := owners[0]
	e.Events.Eventf(deployment(app.Namespace, first.Name, first.UID), to, corev1.EventTypeWarning, "NoValidPlan", action,
		"the roles and weights of app %s make no plan (canaries without a primary, weights above 100, "+
			"or values that can't be read): %s", app.Name, does)
}

func deployment(namespace, name string, uid types.UID) *corev1.ObjectReference {
	return &corev1.ObjectReference{
		APIVersion: "apps/v1", Kind: fact.DeploymentKind.Kind, Namespace: namespace, Name: name, UID: uid,
	}
}
