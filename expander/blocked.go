package expander

import (
	"context"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

const (
	// blockedAfter is how long writes must have failed, for whatever reason, before an app counts as blocked.
	blockedAfter = 10 * time.Second
	// retryBlocked is when to try again what others have to mend. It is no storm, and it heals by itself.
	retryBlocked = 5 * time.Second
	// retryHasty is the longest wait before a try that may succeed without anybody's help.
	retryHasty = 2 * time.Second
)

// trouble is what is remembered of an app whose writes fail.
type trouble struct {
	// since is when a write failed first after the last success; zero while none does.
	since time.Time
	// told are the reasons of which an Event has told, so that it does so once.
	told map[string]bool
	note note
}

// failed notes a failure and reports whether the app is blocked by now. Noted is since when the cluster says so: a new
// leader goes on from there.
func (t *trouble) failed(now, noted time.Time) bool {
	if t.since.IsZero() {
		t.since = now
		if !noted.IsZero() && noted.Before(now) {
			t.since = noted
		}
	}
	return now.Sub(t.since) >= blockedAfter
}

// retry is when to try again: not later than when the app is blocked.
func (t *trouble) retry(now time.Time) time.Duration {
	if left := t.since.Add(blockedAfter).Sub(now); left > 0 {
		return min(left, retryBlocked)
	}
	return retryBlocked
}

// tells reports whether the reason is news.
func (t *trouble) tells(reason string) bool {
	if t.told[reason] {
		return false
	}
	if t.told == nil {
		t.told = map[string]bool{}
	}
	t.told[reason] = true
	return true
}

// succeeded forgets the trouble of an app whose siblings could be written. It returns when to try again if the note of
// it could not be taken away, and else 0.
func (e *Expander) succeeded(ctx context.Context, app route.Ref) time.Duration {
	m := e.recall(app)
	if m != nil {
		e.healed(app, m)
	}
	return e.takeNotesAway(ctx, app, m)
}

// healed ends the trouble of an app, if it has any.
func (e *Expander) healed(app route.Ref, m *memory) {
	if !m.trouble.since.IsZero() {
		m.trouble.since, m.trouble.told = time.Time{}, nil
		e.lanes.heals(app.Namespace)
	}
}

// tellBlocked counts, and says once for each reason, at one of the app's Deployments, what keeps its siblings from
// coming.
func (e *Expander) tellBlocked(
	ctx context.Context, app route.Ref, workloads []*fact.Workload, m *memory, reason string, err error,
) {
	blockedTotal.WithLabelValues(reason).Inc()
	if !m.trouble.tells(reason) {
		return
	}
	ctrl.LoggerFrom(ctx).Info("an app is blocked", "namespace", app.Namespace, "app", app.Name,
		"since", m.trouble.since, "reason", reason, "error", err.Error())
	w := fact.FirstByName(workloads)
	if w == nil {
		return
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
	app *convention.App, plan convention.Plan, live convention.LiveTable, m *memory, owners []metav1.OwnerReference,
) {
	if plan.State != convention.Invalid || !live.Exists {
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
