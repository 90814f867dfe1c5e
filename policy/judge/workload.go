package judge

import (
	"context"

	"aviary.dev/convention"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// workload judges a Deployment or StatefulSet: by all rules if it is, or was, a version of an app, else only by what its
// change would strand.
func (j *Judge) workload(ctx context.Context, r Request, before, after inventory.Reader) ([]policy.Finding, error) {
	old, now := versionOfFact(r.Old), versionOfFact(r.New)
	if r.Operation == Audit {
		old = now
	}
	stranded, err := j.stranded(ctx, r, before, after)
	if err != nil {
		return nil, err
	}
	var findings []policy.Finding
	if left := appOf(old); left != (route.Ref{}) && left != appOf(now) {
		c := change{request: r, app: left, old: old, stranded: stranded}
		found, err := j.version(ctx, c, before, after)
		if findings = append(findings, found...); err != nil {
			return nil, err
		}
		stranded = nil
	}
	w, _ := r.New.(*inventory.Workload)
	if now != nil || w != nil && len(w.Problems) > 0 || len(stranded) > 0 {
		found, err := j.version(ctx, change{request: r, app: appOf(now), old: sameApp(old, now), now: now, stranded: stranded}, before, after)
		if findings = append(findings, found...); err != nil {
			return nil, err
		}
	}
	if now != nil && (r.Operation == Create || r.Operation == Update) && convention.Unstamped(sameApp(old, now), now) {
		findings = append(findings, policy.Finding{
			Rule: "annotations-valid", Mode: policy.ModeDeny, Field: convention.Annotation(convention.KeyPromotedAt),
			Message: "is missing, because Aviary's defaulting webhook was not called", Fix: "apply again",
		})
	}
	return findings, nil
}

func versionOfFact(f inventory.Fact) *convention.Version {
	if w, ok := f.(*inventory.Workload); ok && w != nil && !w.Terminating {
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

func sameApp(old, now *convention.Version) *convention.Version {
	if now != nil && appOf(old) != appOf(now) {
		return nil
	}
	return old
}

// App reads an app with all its versions from the facts.
func App(ctx context.Context, facts inventory.Reader, ref route.Ref, s convention.Settings) (*convention.App, error) {
	workloads, err := facts.App(ctx, ref)
	if err != nil {
		return nil, err
	}
	versions := make([]*convention.Version, 0, len(workloads))
	for _, w := range workloads {
		versions = append(versions, w.Version)
	}
	ns, err := facts.Namespace(ctx, ref.Namespace)
	if err != nil {
		return nil, err
	}
	var groups []string
	if ns != nil {
		groups = ns.APIGroups
	}
	return convention.NewApp(ref.Namespace, ref.Name, versions, groups, s), nil
}
