package policy

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// program is one subject's rules.
type program struct {
	compiler *ast.Compiler
	store    storage.Store
	rules    []compiled
}

// compiled is a rule with what asks for its findings, by its name, so that nothing is searched while evaluating.
type compiled struct {
	id       string
	findings ast.Var
	query    *ast.Expr // findings = data.policy.rules[id].findings
	premises []premise // nil if the rule is always evaluated
}

// asks reports whether the rule may find anything in the input.
func (c compiled) asks(input ast.Value) bool {
	return c.premises == nil || slices.ContainsFunc(c.premises, func(p premise) bool { return p.metBy(input) })
}

// compile compiles the rules strictly and makes one program for each subject that any of them judges.
//
// They are not evaluated partially: that would copy a rule's body for every way through its functions, and each copy
// would walk the routes again (stranded-traffic became 96 bodies).
func compile(rules []Rule, cfg Config) (map[Subject]program, error) {
	modules := make(map[string]*ast.Module, len(rules))
	for _, r := range rules {
		modules[r.ID] = r.module.Copy()
	}
	compiler := ast.NewCompiler().WithStrict(true).WithCapabilities(capabilities())
	if compiler.Compile(modules); compiler.Failed() {
		return nil, compiler.Errors
	}
	params, err := parameters(rules, cfg)
	if err != nil {
		return nil, err
	}
	values, err := ast.InterfaceToValue(params)
	if err != nil {
		return nil, err
	}
	store := inmem.NewFromObject(map[string]any{"params": params})
	programs := map[Subject]program{}
	for i, r := range rules {
		name := ast.Var(fmt.Sprintf("x%d", i))
		set := r.module.Package.Path.Append(ast.StringTerm("findings"))
		c := compiled{r.ID, name, ast.Equality.Expr(ast.NewTerm(name), ast.NewTerm(set)), premises(compiler.Modules[r.ID], values)}
		for _, s := range r.Subjects {
			p := programs[s]
			programs[s] = program{compiler, store, append(p.rules, c)}
		}
	}
	return programs, nil
}

// run evaluates with ctx's end and, unless it is 0, a number of steps as the limits. Modes and order of the findings are
// left to the caller.
func (p program) run(ctx context.Context, input ast.Value, steps int) ([]Finding, error) {
	body := make(ast.Body, 0, len(p.rules))
	for _, r := range p.rules {
		if r.asks(input) {
			body = append(body, r.query)
		}
	}
	if len(body) == 0 {
		return nil, nil
	}
	txn, err := p.store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer p.store.Abort(ctx, txn)
	cancel := &budget{steps: steps}
	defer context.AfterFunc(ctx, cancel.Cancel)()

	var findings []Finding
	query := topdown.NewQuery(body).
		WithCompiler(p.compiler).
		WithStore(p.store).
		WithTransaction(txn).
		WithInput(ast.NewTerm(input)).
		WithCancel(cancel).
		WithMetrics(metrics.NoOp()).
		WithStrictBuiltinErrors(true)
	err = query.Iter(ctx, func(result topdown.QueryResult) error {
		for _, r := range p.rules {
			if set, ok := result[r.findings]; ok {
				findings, err = appendFindings(findings, r.id, set)
				if err != nil {
					return err
				}
			}
		}
		return nil
	})
	if cancel.spent() {
		err = errTooManySteps
	}
	return findings, err
}

// parameters merges the rules' defaults and the configuration, as plain JSON values.
func parameters(rules []Rule, cfg Config) (map[string]any, error) {
	merged := map[string]map[string]any{}
	for _, r := range rules {
		if len(r.Params) == 0 {
			continue
		}
		merged[r.ID] = map[string]any{}
		for name, value := range r.Defaults() {
			if said, ok := cfg.Rules[r.ID].Params[name]; ok {
				value = said
			}
			merged[r.ID][name] = value
		}
	}
	text, err := json.Marshal(merged)
	if err != nil {
		return nil, err
	}
	plain := map[string]any{}
	return plain, json.Unmarshal(text, &plain)
}
