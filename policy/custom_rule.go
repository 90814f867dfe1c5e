package policy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	"github.com/open-policy-agent/opa/v1/ast"
)

const (
	// customTime is what one custom rule may take for one document: some thousand times what a rule
	// usually takes, and little enough that slow ones leave the webhook time to answer.
	customTime = 250 * time.Millisecond
	// customGrace is how long an evaluation that was stopped may take to end before nobody waits
	// for it.
	customGrace = 20 * time.Millisecond
	// maxCustomFindings is how many findings of a custom rule for one document count, denials
	// first.
	maxCustomFindings = 100
	// maxStuck is how many evaluations that nobody waits for a rule may have before it isn't begun
	// any more.
	maxStuck = 2
)

var errTooSlow = fmt.Errorf("did not end within %s", customTime)

// customRule evaluates one custom rule by itself: it sees no other rule, and what goes wrong in it
// stays in it.
type customRule struct {
	Rule
	programs map[Subject]program
	stuck    *atomic.Int32
}

// Custom reports whether the rule is the platform team's.
func (r Rule) Custom() bool { return r.Source != builtIn && r.Source != "" }

func compileCustom(r Rule, cfg Config) (*customRule, error) {
	programs, err := compile([]Rule{r}, []Rule{r}, cfg)
	if err != nil {
		return nil, &RuleError{ID: r.ID, Folder: r.Source, Err: err}
	}
	return &customRule{Rule: r, programs: programs, stuck: new(atomic.Int32)}, nil
}

// evaluate returns what the rule finds. If it fails, that is the finding: an object that a rule
// couldn't judge is not one in which it found nothing. The error is that ctx ended.
func (c *customRule) evaluate(ctx context.Context, subject Subject, doc ast.Value) ([]Finding, error) {
	p, ok := c.programs[subject]
	if !ok {
		return nil, nil
	}
	findings, err := c.run(ctx, p, doc)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return []Finding{{ //nolint:nilerr // the failure is the finding
			Rule: c.ID, Field: "metadata.name", Message: "the rule could not judge this object: " + err.Error(),
			Fix: "have the rule in " + c.Source + " mended, " +
				"or say rules: {" + c.ID + ": {mode: off}} in the configuration",
		}}, nil
	}
	if len(findings) > maxCustomFindings {
		slices.SortFunc(findings, func(a, b Finding) int {
			return cmp.Or(cmp.Compare(a.Severity, b.Severity), a.compare(b))
		})
		findings = findings[:maxCustomFindings]
	}
	return findings, nil
}

// run ends soon after ctx or customTime. OPA stops between two steps; a built-in function that is
// at work can't be stopped, so it isn't waited for.
func (c *customRule) run(ctx context.Context, p program, doc ast.Value) ([]Finding, error) {
	if c.stuck.Load() >= maxStuck {
		return nil, errors.New("is still at work on earlier objects")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, customTime, errTooSlow)
	defer cancel()
	type result struct {
		findings []Finding
		err      error
	}
	done := make(chan result, 1)
	go func() {
		findings, err := guard(func() ([]Finding, error) { return p.run(ctx, doc, maxSteps) })
		done <- result{findings, err}
	}()
	select {
	case r := <-done:
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		return r.findings, r.err
	case <-ctx.Done():
	}
	select {
	case <-done:
	case <-time.After(customGrace):
		c.stuck.Add(1)
		go func() {
			<-done
			c.stuck.Add(-1)
		}()
	}
	return nil, context.Cause(ctx)
}
