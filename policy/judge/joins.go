package judge

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// joins describes the versions whose requests come to the workload's Pods, too, though it is a version of no app. The
// app's label tells of which app, as there may be many. A version that only a hand-made table names is none of an app:
// whoever routes by hand has as many workloads of one as they like. Of ReplicaSets no facts are kept.
func (d *decision) joins(ctx context.Context) (out []input.Join, err error) {
	w, ok := d.request.New.(*fact.Workload)
	if !ok || w == nil || !mayJoin(w) {
		return nil, nil
	}
	ref := route.Ref{Namespace: w.Namespace, Name: w.Labels[d.settings.Keys.App]}
	app, versions, err := d.readApp(ctx, d.after, ref)
	if err != nil || len(versions) == 0 || app.Retiring() {
		return nil, err
	}
	for _, of := range versions {
		labels, err := d.podsOf(ctx, d.after, of.Version)
		if err != nil {
			return nil, err
		}
		if labels != nil && w.Carries(labels) {
			out = append(out, input.Join{
				App: ref.Name, Version: of.Version.Name, Deployment: of.Name, Key: d.settings.Keys.Version,
			})
		}
	}
	slices.SortFunc(out, func(a, b input.Join) int { return cmp.Compare(a.Deployment, b.Deployment) })
	return out[:min(len(out), maxNamed)], nil
}

// mayJoin reports whether the workload's Pods may count as those of a version that it is not. In the cluster's own
// namespace Aviary keeps nothing.
func mayJoin(w *fact.Workload) bool {
	return w.Version == nil && w.Deployed() && w.Namespace != convention.SystemNamespace
}

// podsOf returns the labels of the Pods to which requests for a version go; nil if that can't be told.
func (j *Judge) podsOf(ctx context.Context, facts fact.Reader, v *convention.Version) (map[string]string, error) {
	keys := j.settings.Keys
	for _, kind := range j.kinds.Written() {
		if kind.Role != dialect.Backend {
			continue
		}
		ref := route.Ref{Namespace: v.Namespace, Name: convention.BackendName(v.App)}
		to := route.Backend{ID: route.ID{GroupKind: kind.GroupKind(), Ref: ref}}
		e, err := j.kinds.Writer().Endpoints(ctx, &to, facts, keys)
		if err != nil || !e.Pods || e.Apart || e.Selector == nil || e.Namespace != v.Namespace {
			return nil, err
		}
		if of, ok := e.Selector[keys.Version]; ok && of != v.Name {
			return nil, nil
		}
		labels := maps.Clone(e.Selector)
		labels[keys.App], labels[keys.Version] = v.App, v.Name
		return labels, nil
	}
	return nil, nil
}

// joining returns the workloads that join a version.
func (j *Judge) joining(ctx context.Context, facts fact.Reader, v *convention.Version) ([]*fact.Workload, error) {
	labels, err := j.podsOf(ctx, facts, v)
	if labels == nil || err != nil {
		return nil, err
	}
	all, err := facts.Workloads(ctx, v.Namespace, labels)
	return slices.DeleteFunc(all, func(w *fact.Workload) bool { return !mayJoin(w) }), err
}

// joined names the workloads that join the version of the request.
func (c *appChange) joined(ctx context.Context) (out []string, err error) {
	if c.new == nil || c.appAfter.Retiring() {
		return nil, nil
	}
	all, err := c.joining(ctx, c.after, c.new)
	for _, w := range all {
		out = append(out, w.Kind+" "+w.Name)
	}
	slices.Sort(out)
	return out[:min(len(out), maxNamed)], err
}
