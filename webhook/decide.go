package webhook

import (
	"context"
	"slices"
	"time"

	"aviary.dev/fact"
	"aviary.dev/policy"
)

// decide judges by the cache. A denial that rests on another object, and whatever takes a workload
// away, is judged by what the API server holds now: a cache that lags behind must neither refuse
// what is right nor allow what strands a route that it has not seen.
func (v *Validate) decide(ctx context.Context, c *call) ([]policy.Finding, error) {
	ctx, cancel := context.WithTimeout(ctx, ruleLimit)
	defer cancel()
	facts := v.Facts
	if c.request.TakesAway() {
		facts, c.readLive = c.live, true
	}
	findings, err := c.evaluate(ctx, facts)
	if err == nil && facts != c.live && denies(findings, func(f policy.Finding) bool { return f.Evidence }) {
		facts, c.readLive = c.live, true
		findings, err = c.evaluate(ctx, facts)
	}
	if err != nil {
		return nil, err
	}
	if !denies(findings, nil) {
		return c.misnamed(findings)
	}
	c.wholeOld()
	if findings, err = c.judge.Ratchet(ctx, c.request, findings, facts); err != nil {
		return nil, err
	}
	return v.override(ctx, c, findings), nil
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
