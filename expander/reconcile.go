package expander

import (
	"cmp"
	"context"
	"errors"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// soon is when to look again after somebody else wrote at the same time.
const soon = 20 * time.Millisecond

// Reconcile brings one app's siblings in line with its versions, once there is a worker for it.
func (e *Expander) Reconcile(ctx context.Context, ref route.Ref) (reconcile.Result, error) {
	seat := e.lanes.enter(ref)
	if seat == nil {
		return reconcile.Result{}, nil
	}
	defer e.lanes.leave(seat)
	if !convention.ValidApp(ref.Name) || e.Exempt(ref.Namespace) {
		e.forget(ref)
		return reconcile.Result{}, nil
	}
	workloads, err := e.Store.App(ctx, ref)
	if err != nil {
		return reconcile.Result{}, err
	}
	var again time.Duration
	if len(workloads) == 0 {
		again, err = e.removeOrphans(ctx, ref)
	} else {
		again, err = e.expand(ctx, ref, workloads)
	}
	return e.conclude(ctx, ref, workloads, again, err)
}

// conclude says when to look at the app again after a try that ended with err, and tells of writes that have failed for
// long.
func (e *Expander) conclude(
	ctx context.Context, app route.Ref, workloads []*fact.Workload, again time.Duration, err error,
) (reconcile.Result, error) {
	wait, waits := isContested(err)
	switch {
	case ctx.Err() != nil:
		return reconcile.Result{}, err // it is not the leader any more
	case waits: // which is neither a failure nor a success
		return reconcile.Result{RequeueAfter: sooner(again, wait)}, nil
	case apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause):
		return reconcile.Result{}, nil
	case err == nil:
		return reconcile.Result{RequeueAfter: cmp.Or(again, e.succeeded(ctx, app))}, nil
	}
	f, m := e.failureOf(app, err), e.remember(app)
	reason, phrase := f.explain()
	isBlocked := m.trouble.failed(e.Now(), e.notedSince(ctx, app))
	if reason != conflict || isBlocked {
		e.lanes.fails(app.Namespace)
	}
	switch {
	case isBlocked:
		e.tellBlocked(ctx, app, workloads, m, reason, err)
		b := e.Kinds.NewBlocked(app, f.id)
		b.Since, b.Reason = m.trouble.since, phrase
		e.writeNote(ctx, app, m, f.id, b)
	case reason == conflict:
		return reconcile.Result{RequeueAfter: soon}, nil
	case hasty(reason):
		return reconcile.Result{}, err
	}
	return reconcile.Result{RequeueAfter: m.trouble.retry(e.Now())}, nil
}

// expand makes the plan and applies it, in the order Service, backends, table; then what the plan
// no longer has goes, in reverse. What comes after one that fails is left as it is, but not after one that stands and
// is contested. So no route names a backend that is not there yet or not there any more, and a removal that fails holds
// no weight up.
func (e *Expander) expand(ctx context.Context, ref route.Ref, workloads []*fact.Workload) (time.Duration, error) {
	app, owners, err := e.read(ctx, ref, workloads)
	if err != nil {
		return 0, err
	}
	memory := e.remember(ref)
	live, err := e.liveTable(ctx, ref, workloads, memory)
	if err != nil {
		return 0, err
	}
	app = app.Beside(live)
	now, plan, keepTable, again := e.plan(app, memory)
	siblings, err := e.siblings(now, plan, app.Follows(), owners)
	if err != nil {
		return 0, err
	}
	stale := keepTable // the live table may name what the plan no longer has
	var errs []error
	for _, s := range siblings {
		if err := e.apply(ctx, ref, workloads, memory, s); err != nil {
			errs, stale = append(errs, err), true
			if _, stands := isContested(err); !stands || e.seen(s.ID) == "" {
				break
			}
		}
	}
	if !stale {
		errs = append(errs, e.prune(ctx, app, workloads, memory, siblings)...)
	}
	if len(errs) == 0 {
		e.inLine(app, plan, memory)
	}
	e.tellPlan(app, plan, live, memory, owners)
	return again, errors.Join(errs...)
}

// read makes the app of its versions, and the references of their Deployments as owners:
// Kubernetes' garbage collector removes a sibling with the last of them.
func (e *Expander) read(
	ctx context.Context, ref route.Ref, workloads []*fact.Workload,
) (*convention.App, []metav1.OwnerReference, error) {
	ns, err := e.Store.Namespace(ctx, ref.Namespace)
	if err != nil {
		return nil, nil, err
	}
	var groups []string
	if ns != nil {
		groups = ns.APIGroups
	}
	var versions []*convention.Version
	var owners []metav1.OwnerReference
	for _, w := range workloads {
		versions = append(versions, w.Version)
		owners = append(owners, metav1.OwnerReference{APIVersion: "apps/v1", Kind: w.Kind, Name: w.Name, UID: w.UID})
	}
	sortOwners(owners)
	return convention.NewApp(ref.Namespace, ref.Name, versions, groups, e.Behaviour().Settings), owners, nil
}

// plan makes the plan with effective weights, and returns the app under the primary in effect. In a state that
// admission refuses, and that two requests at once can still bring about, a route whose versions all live is kept as it
// is; else all traffic goes where pods are.
func (e *Expander) plan(
	app *convention.App, m *memory,
) (now *convention.App, plan convention.Plan, keepTable bool, again time.Duration) {
	weights, live := map[string]int(nil), app.Live()
	if e.Behaviour().Gate {
		var settles time.Duration
		app, again = m.gate.HandOver(app, e.Now())
		weights, settles = m.gate.Weights(app, live.Shares, e.Now())
		again = sooner(again, settles)
	}
	plan = app.Plan(weights)
	if plan.State != convention.Invalid {
		return app, plan, false, again
	}
	if !live.Exists {
		return app, plan, true, again
	}
	for version := range live.Named {
		if app.Version(version) == nil {
			return app, app.Fallback(), false, again
		}
	}
	return app, plan, true, again
}

// sooner is the shorter of two times to wait, 0 being none.
func sooner(a, b time.Duration) time.Duration {
	if a == 0 || b > 0 && b < a {
		return b
	}
	return a
}
