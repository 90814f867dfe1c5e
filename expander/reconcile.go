package expander

import (
	"context"
	"errors"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/joined"
	"aviary.dev/route"
)

// soon is when to look again after somebody else wrote at the same time.
const soon = 20 * time.Millisecond

// Reconcile brings one app's siblings in line with its versions.
func (e *Expander) Reconcile(ctx context.Context, ref route.Ref) (reconcile.Result, error) {
	if !convention.ValidApp(ref.Name) {
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
	all := joined.Errors(err)
	switch {
	case slices.ContainsFunc(all, apierrors.IsConflict), slices.ContainsFunc(all, apierrors.IsAlreadyExists):
		return reconcile.Result{RequeueAfter: soon}, nil
	case apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause):
		return reconcile.Result{}, nil
	case blocked(err) != "":
		e.tellBlocked(ref, workloads, err)
		return reconcile.Result{RequeueAfter: retryBlocked}, nil
	}
	return reconcile.Result{RequeueAfter: again}, err
}

// expand makes the plan and applies it, in the order Service, backends, table; then what the plan
// no longer has goes, in reverse. So no route names a backend that is not there yet or not there
// any more, and a removal that fails holds no weight up.
func (e *Expander) expand(ctx context.Context, ref route.Ref, workloads []*fact.Workload) (time.Duration, error) {
	app, owners, err := e.read(ctx, ref, workloads)
	if err != nil {
		return 0, err
	}
	memory := e.remember(ref)
	live, err := e.liveTable(ctx, ref, memory)
	if err != nil {
		return 0, err
	}
	plan, keepTable, again := e.plan(app, memory, live)
	siblings, err := e.siblings(app, plan, live.wasPrimary, owners)
	if err != nil {
		return 0, err
	}
	stale := keepTable // the live table may name what the plan no longer has
	var errs []error
	for _, s := range siblings {
		if err := e.apply(ctx, ref, memory, s); err != nil {
			errs = append(errs, err)
			stale = stale || s.table.exists
		}
	}
	if !stale {
		errs = append(errs, e.prune(ctx, app, memory, siblings)...)
	}
	if len(errs) == 0 {
		clear(memory.told)
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

// plan makes the plan with effective weights. In a state that admission refuses, and that two
// requests at once can still bring about, a route whose versions all live is kept as it is; else
// all traffic goes where pods are.
func (e *Expander) plan(
	app *convention.App, m *memory, live table,
) (plan convention.Plan, keepTable bool, again time.Duration) {
	weights := map[string]int(nil)
	if e.Behaviour().Gate {
		weights, again = m.gate.Weights(app, live.weights, e.Now())
	}
	plan = app.Plan(weights)
	if plan.State != convention.Invalid {
		return plan, false, again
	}
	if !live.exists {
		return plan, true, again
	}
	for version := range live.versions {
		if app.Version(version) == nil {
			return app.Fallback(), false, again
		}
	}
	return plan, true, again
}
