package rejudge

import (
	"cmp"
	"context"
	"slices"
	"time"

	"k8s.io/apimachinery/pkg/types"
	ctrl "sigs.k8s.io/controller-runtime"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// judge judges one object as it stands and tells of what is new.
func (r *Rejudger) judge(ctx context.Context, id route.ID) {
	f := r.Store.Fact(id)
	var findings []policy.Finding
	if f != nil {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		var err error
		if findings, err = r.decide(ctx, f); err != nil {
			failed.Inc()
			ctrl.LoggerFrom(ctx).Error(err, "re-judgement failed",
				"kind", id.Kind, "namespace", id.Namespace, "name", id.Name)
			r.enqueue(id, limit)
			return
		}
	}
	told := r.replace(id, uidOf(f), findings)
	j := r.Judge()
	switch news := fresh(j, told, findings); {
	case len(news) == 0:
	case r.Contested != nil && r.Contested(id):
		r.tellLater(id, told, limit)
	case r.tells.Take(id, time.Now()):
		r.tell(ctx, j.Kinds(), f, news)
	default:
		r.tellLater(id, told, r.tells.Wait(id, time.Now()))
	}
}

// tellLater has what is new of an object told after a while, if it still stands then.
func (r *Rejudger) tellLater(id route.ID, told []policy.Finding, after time.Duration) {
	r.mu.Lock()
	found := r.found[id]
	found.told = told
	r.found[id] = found
	r.mu.Unlock()
	r.enqueue(id, after)
}

// decide judges by the store, and says of which workloads behind a table Aviary is not asked before they go.
func (r *Rejudger) decide(ctx context.Context, f fact.Fact) ([]policy.Finding, error) {
	findings, err := r.byRules(ctx, f)
	if t, ok := f.(*fact.Table); ok && err == nil {
		var unasked []policy.Finding
		unasked, err = r.Judge().Unasked(ctx, t, r.Store)
		findings = policy.Sort(append(findings, unasked...))
	}
	return findings, err
}

// byRules judges by the store; again with the running Pods only where it may miss a workload.
func (r *Rejudger) byRules(ctx context.Context, f fact.Fact) ([]policy.Finding, error) {
	request := judge.Request{Operation: judge.Audit, New: f, Settled: true}
	findings, err := r.Judge().Decide(ctx, request, r.Store)
	if err != nil || !slices.ContainsFunc(findings, func(f policy.Finding) bool { return f.Evidence }) {
		return findings, err
	}
	pods := inventory.NewWithPods(r.Store, r.Live)
	findings, err = r.Judge().Decide(ctx, request, pods)
	return findings, cmp.Or(err, pods.Failed())
}

// replace notes what is found about an object, as told, and returns what was told before; nothing of another object of
// that name.
func (r *Rejudger) replace(id route.ID, uid types.UID, findings []policy.Finding) []policy.Finding {
	r.mu.Lock()
	defer r.mu.Unlock()
	before := r.found[id]
	another := before.uid != uid
	now := before
	if !slices.Equal(before.findings, findings) || another && len(findings) > 0 {
		r.changed[id.Namespace] = struct{}{}
		now = record{at: time.Now(), uid: uid, findings: findings}
		r.sums.add(id.Namespace, findings, +1)
		r.sums.add(id.Namespace, before.findings, -1)
	}
	now.told = findings
	if r.found[id] = now; len(findings) == 0 {
		delete(r.found, id)
	}
	if another {
		return nil
	}
	return before.told
}

// fresh returns the findings that a request would have been refused for, or under enforcement: warn
// warned of in place of that, and that were not there before.
func fresh(j *judge.Judge, before, after []policy.Finding) []policy.Finding {
	var out []policy.Finding
	for _, f := range after {
		rule, _ := j.Rule(f.Rule)
		if f.Mode < policy.ModeWarn || f.Severity != policy.ModeUnset || rule.Mode != policy.ModeDeny {
			continue
		}
		same := func(b policy.Finding) bool { return b.Rule == f.Rule && b.Message == f.Message }
		if !slices.ContainsFunc(before, same) {
			out = append(out, f)
		}
	}
	return out
}
