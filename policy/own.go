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
	// ownTime is what one own rule may take for one document: some thousand times what a rule usually takes, and little
	// enough that slow ones leave the webhook time to answer.
	ownTime = 250 * time.Millisecond
	// ownGrace is how long an evaluation that was stopped may take to end before nobody waits for it.
	ownGrace = 20 * time.Millisecond
	// ownFindings is how many findings of an own rule for one document count, denials first.
	ownFindings = 100
	// ownStuck is how many evaluations that nobody waits for a rule may have before it isn't begun any more.
	ownStuck = 2
)

var errTooSlow = fmt.Errorf("did not end within %s", ownTime)

// ownRule evaluates one rule of the platform team's by itself: it sees no other rule, and what goes wrong in it stays in it.
type ownRule struct {
	Rule
	programs map[Subject]program
	stuck    *atomic.Int32
}

func (r Rule) own() bool { return r.Source != BuiltIn && r.Source != "" }

func compileOwn(r Rule, cfg Config) (*ownRule, error) {
	programs, err := compile([]Rule{r}, cfg)
	if err != nil {
		return nil, &RuleError{ID: r.ID, Folder: r.Source, Err: err}
	}
	return &ownRule{Rule: r, programs: programs, stuck: new(atomic.Int32)}, nil
}

// evaluate gives what the rule finds. If it fails, that is the finding: an object that a rule couldn't judge is not one
// in which it found nothing. The error is that ctx ended.
func (o *ownRule) evaluate(ctx context.Context, subject Subject, input ast.Value) ([]Finding, error) {
	p, ok := o.programs[subject]
	if !ok {
		return nil, nil
	}
	findings, err := o.run(ctx, p, input)
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	if err != nil {
		return []Finding{{ //nolint:nilerr // the failure is the finding
			Rule: o.ID, Field: "metadata.name", Message: "the rule could not judge this object: " + err.Error(),
			Fix: fmt.Sprintf("have the rule in %s mended, or say rules: {%s: {mode: off}} in the configuration", o.Source, o.ID),
		}}, nil
	}
	if len(findings) > ownFindings {
		slices.SortFunc(findings, func(a, b Finding) int { return cmp.Or(cmp.Compare(a.Severity, b.Severity), a.Compare(b)) })
		findings = findings[:ownFindings]
	}
	return findings, nil
}

// run ends soon after ctx or ownTime. OPA stops between two steps; a built-in function that is at work can't be stopped,
// so it isn't waited for.
func (o *ownRule) run(ctx context.Context, p program, input ast.Value) ([]Finding, error) {
	if o.stuck.Load() >= ownStuck {
		return nil, errors.New("is still at work on earlier objects")
	}
	ctx, cancel := context.WithTimeoutCause(ctx, ownTime, errTooSlow)
	defer cancel()
	type result struct {
		findings []Finding
		err      error
	}
	done := make(chan result, 1)
	go func() {
		findings, err := guard(func() ([]Finding, error) { return p.run(ctx, input, maxSteps) })
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
	case <-time.After(ownGrace):
		o.stuck.Add(1)
		go func() {
			<-done
			o.stuck.Add(-1)
		}()
	}
	return nil, context.Cause(ctx)
}
