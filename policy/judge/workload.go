package judge

import (
	"context"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// workload judges a workload: by all rules if it is, or was, a version of an app, else only by what
// its change would strand, and as one that joins a version.
func (d *decision) workload(ctx context.Context) ([]policy.Finding, error) {
	r := d.request
	old, version := versionIn(r.Old), versionIn(r.New)
	if r.Operation == Audit {
		old = version
	}
	stranded, err := d.strandedRoutes(ctx)
	if err != nil {
		return nil, err
	}
	var out []policy.Finding
	if left := appOf(old); left != (route.Ref{}) && left != appOf(version) {
		c := appChange{decision: d, app: left, old: old, stranded: stranded}
		if out, err = c.judge(ctx); err != nil {
			return nil, err
		}
		stranded = nil
	}
	old = sameApp(old, version)
	joins, err := d.joins(ctx)
	if err != nil {
		return nil, err
	}
	w, _ := r.New.(*fact.Workload)
	if version != nil || w != nil && len(w.Findings) > 0 || len(stranded) > 0 || len(joins) > 0 {
		c := appChange{decision: d, app: appOf(version), old: old, new: version, stranded: stranded, joins: joins}
		found, err := c.judge(ctx)
		if err != nil {
			return nil, err
		}
		out = append(out, found...)
	}
	return out, nil
}

func versionIn(f fact.Fact) *convention.Version {
	if w, ok := f.(*fact.Workload); ok && w != nil && !w.Terminating {
		return w.Version
	}
	return nil
}

func appOf(v *convention.Version) route.Ref {
	if v == nil {
		return route.Ref{}
	}
	return route.Ref{Namespace: v.Namespace, Name: v.App}
}

// sameApp returns the old version; nil if the new one belongs to another app.
func sameApp(old, version *convention.Version) *convention.Version {
	if version != nil && appOf(old) != appOf(version) {
		return nil
	}
	return old
}

// App reads an app with all its versions from the facts, beside the table that stands in a cluster.
func App(
	ctx context.Context, facts fact.Reader, ref route.Ref, s convention.Settings, kinds *dialect.Kinds,
) (*convention.App, error) {
	workloads, err := facts.App(ctx, ref)
	if err != nil {
		return nil, err
	}
	ns, err := facts.Namespace(ctx, ref.Namespace)
	if err != nil {
		return nil, err
	}
	table, err := facts.Table(ctx, kinds.Table(ref))
	if err != nil {
		return nil, err
	}
	return newApp(ref, workloads, ns, s).Beside(live(table, ref, workloads, s)), nil
}

// readApp is [App] in one of the decision's worlds, beside no table and with all of its versions awake. It returns the
// workloads, too.
func (d *decision) readApp(
	ctx context.Context, facts fact.Reader, ref route.Ref,
) (*convention.App, []*fact.Workload, error) {
	workloads, err := facts.App(ctx, ref)
	if err != nil {
		return nil, nil, err
	}
	ns, err := d.namespace()
	if err != nil {
		return nil, nil, err
	}
	return newApp(ref, workloads, ns, d.settings).Awake(), workloads, nil
}

func newApp(ref route.Ref, workloads []*fact.Workload, ns *fact.Namespace, s convention.Settings) *convention.App {
	versions := make([]*convention.Version, 0, len(workloads))
	for _, w := range workloads {
		versions = append(versions, w.Version)
	}
	var groups []string
	if ns != nil {
		groups = ns.APIGroups
	}
	return convention.NewApp(ref.Namespace, ref.Name, versions, groups, s)
}

// live is what the app's table says; nothing of one that stands in no cluster, as in a file.
func live(
	t *fact.Table, app route.Ref, versions []*fact.Workload, s convention.Settings,
) convention.LiveTable {
	if t == nil || t.UID == "" {
		return convention.LiveTable{}
	}
	return t.Live(app.Name, versions, s.Keys)
}
