package policy

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/topdown"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/policy/input"
)

// Engine evaluates the rules that a configuration leaves on. It is immutable and safe for
// concurrent use.
type Engine struct {
	subjects map[Subject]program
	custom   []*customRule
	rules    []Rule

	enforcement Mode
	// open are the namespaces that are open to all.
	open map[string]bool

	global     map[string]Mode // where no entry of namespaces holds
	namespaces []namespaceModes
	exceptions []Exception

	// In the scope that the engine judges in:
	modes    map[string]Mode
	excepted []Exception
}

// New compiles the built-in rules and the configuration's custom rules once. An error means that
// the configuration doesn't fit the rules ([ParseConfig] would have refused it) or that the build
// is broken. Compiling takes milliseconds; it isn't begun if ctx has ended.
func New(ctx context.Context, cfg Config) (*Engine, error) {
	return compileAll(ctx, cfg, builtin)
}

// NewFrom is [New] with the rules of fsys, a folder of rule folders, in place of the built-in ones:
// those of another state of the source.
func NewFrom(ctx context.Context, cfg Config, fsys fs.FS) (*Engine, error) {
	return compileAll(ctx, cfg, func() ([]Rule, error) { return readRules(fsys) })
}

func compileAll(ctx context.Context, cfg Config, read func() ([]Rule, error)) (*Engine, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	rules, err := read()
	if err != nil {
		return nil, err
	}
	return newEngine(cfg, slices.Concat(rules, cfg.CustomRules))
}

func newEngine(cfg Config, rules []Rule) (*Engine, error) {
	err := cfg.check(rules, nil)
	if err != nil {
		return nil, err
	}
	e := &Engine{enforcement: cfg.Enforcement, global: cfg.modes(rules, nil), exceptions: cfg.Exceptions}
	slices.SortFunc(rules, func(a, b Rule) int { return strings.Compare(a.ID, b.ID) })
	e.modes, e.rules = e.global, rules
	for _, n := range cfg.Namespaces {
		selector, err := metav1.LabelSelectorAsSelector(&n.Selector)
		if err != nil {
			return nil, err
		}
		e.namespaces = append(e.namespaces, namespaceModes{selector, cfg.modes(rules, n.Rules)})
	}
	if e.open, err = openToAll(rules, cfg); err != nil {
		return nil, err
	}
	var on []Rule
	for _, r := range rules {
		switch {
		case !e.onSomewhere(r.ID):
		case r.Custom():
			c, err := compileCustom(r, cfg)
			if err != nil {
				return nil, err
			}
			e.custom = append(e.custom, c)
		default:
			on = append(on, r)
		}
	}
	if e.subjects, err = compile(on, rules, cfg); err != nil {
		return nil, fmt.Errorf("compile rules: %w", err)
	}
	return e, nil
}

// onSomewhere reports whether a finding of the rule can come to anything in some Namespace.
func (e *Engine) onSomewhere(id string) bool {
	return e.global[id] != ModeOff ||
		slices.ContainsFunc(e.namespaces, func(n namespaceModes) bool { return n.modes[id] != ModeOff })
}

// modes returns for each rule the highest mode that a finding of it can have, where the modes said
// hold.
func (c Config) modes(rules []Rule, said map[string]Mode) map[string]Mode {
	modes := make(map[string]Mode, len(rules))
	for _, r := range rules {
		modes[r.ID] = r.Mode
		if !r.Fixed {
			modes[r.ID] = min(cmp.Or(said[r.ID], c.Rules[r.ID].Mode, r.Mode), c.Enforcement)
		}
	}
	return modes
}

// Rules lists the rules and their default modes, sorted by id; [Engine.Mode] has the mode in force.
func (e *Engine) Rules() []Rule { return slices.Clone(e.rules) }

// Enforcement caps every rule that isn't fixed.
func (e *Engine) Enforcement() Mode { return e.enforcement }

// Mode is the highest mode that a finding of the rule can have here; ModeUnset for an unknown rule.
func (e *Engine) Mode(rule string) Mode { return e.modes[rule] }

// OpenToAll reports whether what stands in the namespace may speak for others: the parameter allowed of
// foreign-upstream.
func (e *Engine) OpenToAll(namespace string) bool { return e.open[namespace] }

// Evaluate runs the subject's rules over the document (README.md) and returns what they find,
// sorted and without duplicates, each with the mode in force: deny, warn, or audit, which callers
// at admission hide. The document is not kept.
//
// It stops with an error when ctx ends. A finding that lacks a field is an error that names its
// rule. An error says nothing about the object: no finding counts. A custom rule that fails is a
// finding itself, in its mode, so that it takes no other down.
func (e *Engine) Evaluate(ctx context.Context, subject Subject, d *input.Document) ([]Finding, error) {
	if err := ctx.Err(); err != nil {
		return nil, fmt.Errorf("evaluate rules for %s: %w", subject, err)
	}
	p, ok := e.subjects[subject]
	if !ok && !slices.Contains(subjects, subject) {
		return nil, fmt.Errorf("unknown subject %q", subject)
	}
	var findings []Finding
	var err error
	doc := d.Value()
	if ok { // else every built-in rule is off
		findings, err = p.run(ctx, doc, 0)
	}
	for _, c := range e.custom {
		if err == nil && e.modes[c.ID] != ModeOff {
			var found []Finding
			found, err = c.evaluate(ctx, subject, doc)
			findings = append(findings, found...)
		}
	}
	if err != nil {
		if topdown.IsCancel(err) {
			err = errors.Join(context.Cause(ctx), err)
		}
		return nil, fmt.Errorf("evaluate rules for %s: %w", subject, err)
	}
	return Sort(e.InForce(findings)), nil
}
