package webhook

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/util/cache"

	"aviary.dev/policy"
)

// A second look at what is only warned of takes no longer than looksFor, and leaves spared of the time for a decision.
// No more than mostLooks are taken at a time, as each asks the API server. What was absent then is taken for absent
// for a moment, as tools apply the same objects over and over.
const (
	looksFor   = time.Second
	spared     = 300 * time.Millisecond
	mostLooks  = 16
	staysAway  = 5 * time.Second
	mostAbsent = 4096
)

// lookAgain judges by what the API server holds now if all that is found is warnings, and one says that something is
// not there: the cache may lack what was created just before, and has no Pods of controllers that nobody watches.
// Without an answer in time the warning stays.
func (v *Validate) lookAgain(ctx context.Context, c *call, findings []policy.Finding) ([]policy.Finding, bool) {
	end, limited := ctx.Deadline()
	if !limited || denies(findings, nil) || !slices.ContainsFunc(findings, func(f policy.Finding) bool {
		return c.saysAbsent(f) && !v.absent.known(&c.AdmissionRequest, f)
	}) {
		return nil, false
	}
	defer v.absent.looks.Add(-1)
	if v.absent.looks.Add(1) > mostLooks {
		return nil, false
	}
	ctx, cancel := context.WithTimeout(ctx, min(looksFor, time.Until(end)-spared))
	defer cancel()
	findings, err := c.evaluate(ctx, c.live)
	if err != nil || ctx.Err() != nil {
		return nil, false
	}
	for _, f := range findings {
		if c.saysAbsent(f) {
			v.absent.remember(&c.AdmissionRequest, f)
		}
	}
	return findings, true
}

// saysAbsent reports whether a warning says that something is not there.
func (c *call) saysAbsent(f policy.Finding) bool {
	rule, _ := c.judge.Rule(f.Rule)
	return f.Mode == policy.ModeWarn && f.Evidence && rule.Absence
}

// absences are what the API server lacked when it was asked a moment ago, by who missed it. The zero value has none.
type absences struct {
	once sync.Once
	seen *cache.LRUExpireCache
	// looks counts those who look just now.
	looks atomic.Int32
}

// absence is what one object misses, in a finding's words.
type absence struct{ kind, namespace, name, rule, field, message string }

func absenceOf(r *admissionv1.AdmissionRequest, f policy.Finding) absence {
	return absence{r.Kind.Kind, r.Namespace, r.Name, f.Rule, f.Field, f.Message}
}

func (a *absences) known(r *admissionv1.AdmissionRequest, f policy.Finding) bool {
	_, ok := a.held().Get(absenceOf(r, f))
	return ok
}

func (a *absences) remember(r *admissionv1.AdmissionRequest, f policy.Finding) {
	a.held().Add(absenceOf(r, f), nil, staysAway)
}

func (a *absences) held() *cache.LRUExpireCache {
	a.once.Do(func() { a.seen = cache.NewLRUExpireCache(mostAbsent) })
	return a.seen
}
