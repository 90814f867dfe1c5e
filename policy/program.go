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

// compiled is a rule with the query for its findings, which has a name of its own, so that nothing
// is searched while evaluating.
type compiled struct {
	id       string
	dialects []string
	findings ast.Var
	query    *ast.Expr // findings = data.policy.rules[id].findings
	// prefilters are one for each body of the rule; nil if it is always evaluated.
	prefilters []prefilter
}

// mayFind reports whether the rule may find anything in the document.
func (c compiled) mayFind(doc ast.Value) bool {
	if c.dialects != nil && !reaches(doc, dialectPath, c.isOf) {
		return false
	}
	return c.prefilters == nil || slices.ContainsFunc(c.prefilters, func(p prefilter) bool { return p.metBy(doc) })
}

// isOf reports whether the rule is about the dialect.
func (c compiled) isOf(dialect ast.Value) bool {
	name, ok := dialect.(ast.String)
	return ok && slices.Contains(c.dialects, string(name))
}

var dialectPath = []*ast.Term{ast.StringTerm("dialect")}

// compile compiles the rules and makes one program for each subject that any of them judges.
//
// They are not evaluated partially: that would copy a rule's body for every way through its
// functions, and each copy would walk the routes again (stranded-traffic became 96 bodies).
//
// They read the parameters of all, which are also those of rules that are off.
func compile(rules, all []Rule, cfg Config) (map[Subject]program, error) {
	compiler, err := compilerOf(rules)
	if err != nil {
		return nil, err
	}
	params, err := parameters(all, cfg)
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
		c := compiled{
			id: r.ID, dialects: r.Dialects, findings: name,
			query:      ast.Equality.Expr(ast.NewTerm(name), ast.NewTerm(set)),
			prefilters: prefilters(compiler.Modules[r.ID], values),
		}
		for _, s := range r.Subjects {
			p := programs[s]
			programs[s] = program{compiler, store, append(p.rules, c)}
		}
	}
	return programs, nil
}

// run evaluates the rules over a document, until ctx ends or, unless it is 0, the number of steps
// is reached. Modes and order of the findings are left to the caller.
func (p program) run(ctx context.Context, doc ast.Value, steps int) ([]Finding, error) {
	body := make(ast.Body, 0, len(p.rules))
	for _, r := range p.rules {
		if r.mayFind(doc) {
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
	limit := &stepLimit{steps: steps}
	defer context.AfterFunc(ctx, limit.Cancel)()

	var findings []Finding
	query := topdown.NewQuery(body).
		WithCompiler(p.compiler).
		WithStore(p.store).
		WithTransaction(txn).
		WithInput(ast.NewTerm(doc)).
		WithCancel(limit).
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
	if limit.spent() {
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

func openToAll(rules []Rule, cfg Config) (map[string]bool, error) {
	params, err := parameters(rules, cfg)
	if err != nil {
		return nil, err
	}
	rule, _ := params["foreign-upstream"].(map[string]any)
	list, _ := rule["allowed"].([]any)
	out := map[string]bool{}
	for _, namespace := range list {
		if name, ok := namespace.(string); ok {
			out[name] = true
		}
	}
	return out, nil
}
