package policy

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// Engine evaluates the rules that a configuration leaves on. It is immutable and safe for concurrent use.
type Engine struct {
	subjects map[Subject]program
	modes    map[string]Mode
	rules    []Rule
}

// New compiles the built-in rules once, for the configuration given. An error means that the configuration doesn't fit
// the rules ([ParseConfig] would have refused it) or that the build is broken.
// Compiling takes milliseconds; it isn't begun if ctx has ended.
func New(ctx context.Context, cfg Config) (*Engine, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rules, err := builtin()
	if err != nil {
		return nil, err
	}
	return newEngine(cfg, slices.Concat(rules, cfg.Own))
}

func newEngine(cfg Config, rules []Rule) (*Engine, error) {
	if err := cfg.check(rules); err != nil {
		return nil, err
	}
	e := &Engine{modes: map[string]Mode{}, rules: rules}
	var on []Rule
	for _, r := range rules {
		e.modes[r.ID] = cfg.ceiling(r)
		if e.modes[r.ID] != ModeOff {
			on = append(on, r)
		}
	}
	var err error
	if e.subjects, err = compile(on, cfg); err != nil {
		return nil, fmt.Errorf("compile rules: %w", err)
	}
	return e, nil
}

// ceiling is the highest mode that a finding of the rule can have.
func (c Config) ceiling(r Rule) Mode {
	if r.Fixed {
		return r.Mode
	}
	mode := r.Mode
	if said := c.Rules[r.ID].Mode; said != ModeUnset {
		mode = said
	}
	return min(mode, c.Enforcement)
}

// Rules lists the rules and their default modes, sorted by id; [Engine.Mode] has the mode in force.
func (e *Engine) Rules() []Rule { return slices.Clone(e.rules) }

// Mode is the highest mode that a finding of the rule can have here; ModeUnset for an unknown rule.
func (e *Engine) Mode(rule string) Mode { return e.modes[rule] }

// Evaluate runs the subject's rules over the input document (README.md) and returns what they find, sorted and without
// duplicates, each with the mode in force: deny, warn, or audit, which callers at admission hide. The input is not kept.
//
// It stops with an error when ctx ends. A finding that lacks a field is an error that names its rule. An error says
// nothing about the object: no finding counts.
func (e *Engine) Evaluate(ctx context.Context, subject Subject, input ast.Value) ([]Finding, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("evaluate rules for %s: %w", subject, err)
	}
	p, ok := e.subjects[subject]
	if !ok {
		if subject != SubjectRoutes && subject != SubjectDeployment {
			return nil, fmt.Errorf("unknown subject %q", subject)
		}
		return nil, nil // every rule is off
	}
	findings, err := p.run(ctx, input, e.modes)
	if err != nil {
		if topdown.IsCancel(err) {
			err = errors.Join(context.Cause(ctx), err)
		}
		return nil, fmt.Errorf("evaluate rules for %s: %w", subject, err)
	}
	return Sort(findings), nil
}
