package webhook

import (
	"context"
	"time"

	"aviary.dev/policy"
)

// longestWait is how long a request may wait for its app's table; reserve is what must be left of the rules' time then,
// so that the end of a wait is an answer and never a time-out.
const (
	longestWait = time.Second
	reserve     = 500 * time.Millisecond
)

// asksTable are the rules that ask what the live table gives.
var asksTable = map[string]bool{"stranded-traffic": true, "promotion": true}

// How a wait ended, as metrics call it.
const (
	waitInStep  = "in_step"
	waitTimeout = "timeout"
	waitFull    = "full"
)

// await waits until the app's table follows, if that is all that keeps the request from being admitted: steps of a
// pipeline come faster than a table is written. The findings are those of the last look.
func (v *Validate) await(ctx context.Context, c *call, findings []policy.Finding) ([]policy.Finding, error) {
	if v.Tables == nil || c.DryRun != nil && *c.DryRun || !denies(findings, byTable) {
		return findings, nil
	}
	if would, err := c.inStep(ctx); err != nil || denies(would, byTable) {
		return findings, err
	}
	id := c.request.Table(c.judge.Kinds())
	woken, leave, ok := v.Tables.wait(id)
	if !ok {
		waits.WithLabelValues(waitFull).Inc()
		return findings, nil
	}
	defer leave()
	began, ended := time.Now(), waitTimeout
	defer func() {
		waits.WithLabelValues(ended).Inc()
		waitSeconds.Observe(time.Since(began).Seconds())
	}()
	waiting, cancel := context.WithDeadline(ctx, waitUntil(ctx, began))
	defer cancel()
	// The first look is at once: the table may have been written before anybody waited for it. The last one is at the
	// end, since the watch may lag behind. Each reads all anew: a table that follows a sibling which changed meanwhile
	// would look as if it lagged behind the sibling of before.
	for last := false; ; {
		c.live = v.newLive(c.judge)
		now, err := c.evaluate(ctx, c.live)
		if err != nil {
			return findings, nil // what was found before stands: the end of a wait is an answer
		}
		if findings = now; !denies(findings, byTable) {
			ended = waitInStep
			return findings, nil
		}
		if last {
			return findings, nil
		}
		select {
		case <-woken:
		case <-waiting.Done():
			last = true
		}
	}
}

// waitUntil is when a wait ends.
func waitUntil(ctx context.Context, now time.Time) time.Time {
	until := now.Add(longestWait)
	if rules, ok := ctx.Deadline(); ok && rules.Add(-reserve).Before(until) {
		return rules.Add(-reserve)
	}
	return until
}

func byTable(f policy.Finding) bool { return asksTable[f.Rule] }

// inStep returns what would be found if the app's table followed what the app says.
func (c *call) inStep(ctx context.Context) ([]policy.Finding, error) {
	as := c.request
	as.InStep = true
	return c.judge.Decide(ctx, as, c.live)
}
