package webhook

import (
	"context"
	"slices"
	"time"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// decide judges by the cache. A denial that rests on another object, and whatever takes a workload away or makes one
// the primary, is judged by what the API server holds now: a cache that lags behind must neither refuse what is right
// nor allow what strands a route that it has not seen, or moves traffic that has not moved yet.
func (v *Validate) decide(ctx context.Context, c *call) ([]policy.Finding, error) {
	ctx, cancel := context.WithTimeout(ctx, c.limit())
	defer cancel()
	facts := v.cached(c)
	takesOver, err := c.request.TakesOver(ctx, v.Facts)
	if err != nil {
		return nil, err
	}
	if takesOver || c.request.TakesAway() || c.request.Leaves() {
		facts, c.readLive = c.live, true
	}
	findings, err := c.evaluate(ctx, facts)
	if err == nil && v.liftsSize(ctx, c, findings) {
		c.request.AnySize = true
		findings, err = c.evaluate(ctx, facts)
	}
	if err == nil && facts != c.live && denies(findings, func(f policy.Finding) bool { return f.Evidence }) {
		facts, c.readLive = c.live, true
		findings, err = c.evaluate(ctx, facts)
	}
	if err == nil && facts != c.live && v.Live != nil {
		if now, ok := v.lookAgain(ctx, c, findings); ok {
			findings, facts, c.readLive = now, c.live, true
		}
	}
	if err == nil && facts == fact.Reader(c.live) {
		findings, err = v.await(ctx, c, findings)
	}
	if err != nil {
		return nil, err
	}
	if !denies(findings, nil) {
		return c.misnamed(findings)
	}
	c.wholeOld(ctx)
	if findings, err = c.judge.Ratchet(ctx, c.request, findings, facts); err != nil {
		return nil, err
	}
	return v.override(ctx, c, findings), nil
}

// cached answers from the cache, but for running Pods, which nobody watches: a route to them would be warned of.
func (v *Validate) cached(c *call) fact.Reader {
	if v.Live == nil {
		return v.Facts
	}
	return withPods{v.Facts, c.live}
}

type withPods struct {
	fact.Reader
	live *inventory.Live
}

// Pods implements fact.Reader. It is asked only where no workload is there.
func (w withPods) Pods(ctx context.Context, namespace string, labels map[string]string) ([]*fact.Workload, error) {
	return w.live.Pods(ctx, namespace, labels)
}

func (c *call) evaluate(ctx context.Context, facts fact.Reader) ([]policy.Finding, error) {
	from := "cache"
	if facts == fact.Reader(c.live) {
		from = "live"
	}
	began := time.Now()
	findings, err := c.judge.Decide(ctx, c.request, facts)
	evaluation.WithLabelValues(from).Observe(time.Since(began).Seconds())
	return findings, err
}

// denies reports whether there is a denial that fits.
func denies(findings []policy.Finding, fits func(policy.Finding) bool) bool {
	return slices.ContainsFunc(findings, func(f policy.Finding) bool {
		return f.Mode == policy.ModeDeny && (fits == nil || fits(f))
	})
}
