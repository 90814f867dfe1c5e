package policy

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/metrics"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/topdown"
)

// program is one subject's rules: a query that names each rule's set, so that nothing is searched while evaluating.
type program struct {
	compiler *ast.Compiler
	store    storage.Store
	rules    []string // their ids
	query    ast.Body // x = [the findings of each of rules]
}

// compile compiles the rules strictly and makes one program for each subject that any of them judges.
//
// They are not evaluated partially: that would copy a rule's body for every way through its functions, and each copy
// would walk the routes again (stranded-traffic became 96 bodies).
func compile(rules []Rule, cfg Config) (map[Subject]program, error) {
	modules := make(map[string]*ast.Module, len(rules))
	ids, sets := map[Subject][]string{}, map[Subject][]*ast.Term{}
	for _, r := range rules {
		modules[r.ID] = r.module.Copy()
		for _, s := range r.Subjects {
			ids[s] = append(ids[s], r.ID)
			sets[s] = append(sets[s], ast.NewTerm(r.module.Package.Path.Append(ast.StringTerm("findings"))))
		}
	}
	compiler := ast.NewCompiler().WithStrict(true).WithCapabilities(capabilities())
	if compiler.Compile(modules); compiler.Failed() {
		return nil, compiler.Errors
	}
	params, err := parameters(rules, cfg)
	if err != nil {
		return nil, err
	}
	store := inmem.NewFromObject(map[string]any{"params": params})
	programs := make(map[Subject]program, len(ids))
	for s := range ids {
		query, err := compiler.QueryCompiler().Compile(ast.NewBody(ast.Equality.Expr(ast.VarTerm("x"), ast.ArrayTerm(sets[s]...))))
		if err != nil {
			return nil, err
		}
		programs[s] = program{compiler: compiler, store: store, rules: ids[s], query: query}
	}
	return programs, nil
}

// run evaluates with ctx's end and, unless it is 0, a number of steps as the limits. Modes and order of the findings are
// left to the caller.
func (p program) run(ctx context.Context, input ast.Value, steps int) ([]Finding, error) {
	txn, err := p.store.NewTransaction(ctx)
	if err != nil {
		return nil, err
	}
	defer p.store.Abort(ctx, txn)
	cancel := &budget{steps: steps}
	defer context.AfterFunc(ctx, cancel.Cancel)()

	var findings []Finding
	query := topdown.NewQuery(p.query).
		WithCompiler(p.compiler).
		WithStore(p.store).
		WithTransaction(txn).
		WithInput(ast.NewTerm(input)).
		WithCancel(cancel).
		WithMetrics(metrics.NoOp()).
		WithStrictBuiltinErrors(true)
	err = query.Iter(ctx, func(result topdown.QueryResult) error {
		sets, ok := result["x"].Value.(*ast.Array)
		if !ok {
			return fmt.Errorf("result is no array: %s", result["x"])
		}
		for i, id := range p.rules {
			findings, err = appendFindings(findings, id, sets.Elem(i))
			if err != nil {
				return err
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
