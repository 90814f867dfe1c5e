package policy

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/open-policy-agent/opa/v1/ast"
	"github.com/open-policy-agent/opa/v1/loader"
	"github.com/open-policy-agent/opa/v1/storage"
	"github.com/open-policy-agent/opa/v1/storage/inmem"
	"github.com/open-policy-agent/opa/v1/tester"
)

// RegoTest is the outcome of one Rego test of a rule.
type RegoTest struct {
	Name, Location string
	// Err says what failed; nil if nothing did.
	Err error
}

// TestRego compiles a rule in its folder and the tests beside it as [New] compiles rules, and runs
// the tests with the parameters' defaults. The error is that of a rule that does not compile or has
// no tests.
func (r Rule) TestRego(ctx context.Context, folder string) ([]RegoTest, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.rego"))
	if err != nil {
		return nil, err
	}
	modules := map[string]*ast.Module{}
	for _, file := range files {
		m, err := loader.RegoWithOpts(file, ast.ParserOptions{ProcessAnnotation: true})
		if err != nil {
			return nil, err
		}
		modules[file] = m.Parsed
	}
	runner := tester.NewRunner().
		SetCompiler(newCompiler()).
		SetModules(modules).RaiseBuiltinErrors(true)
	store := inmem.NewFromObject(map[string]any{"params": map[string]any{r.ID: r.Defaults()}})
	var out []RegoTest
	err = storage.Txn(ctx, store, storage.TransactionParams{}, func(txn storage.Transaction) error {
		results, err := runner.SetStore(store).RunTests(ctx, txn)
		if bad, ok := errors.AsType[ast.Errors](err); ok {
			return explain(bad)
		}
		if err != nil {
			return err
		}
		for result := range results {
			out = append(out, outcome(result))
		}
		return ctx.Err()
	})
	if err == nil && len(out) == 0 {
		err = errors.New("has no Rego tests")
	}
	return out, err
}

func outcome(result *tester.Result) RegoTest {
	t := RegoTest{Name: result.Name}
	if at := result.Location; at != nil {
		t.Location = fmt.Sprintf("%s:%d", at.File, at.Row)
	}
	switch {
	case result.Error != nil:
		t.Err = result.Error
	case !result.Pass() && !result.Skip:
		t.Err = errors.New("is not true")
	}
	return t
}
