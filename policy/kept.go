package policy

import (
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// keptSets is how many sets of built-in rules are kept compiled at most. A configuration leaves one
// set on, so a process has few of them.
const keptSets = 8

// kept are the compilers of sets of built-in rules, by their ids. Nothing else goes into a
// compiler, neither modes nor parameters, and no engine changes one: engines share it, and most new
// configurations need none.
var kept = struct {
	sync.Mutex

	compilers map[string]func() (*ast.Compiler, error)
}{compilers: map[string]func() (*ast.Compiler, error){}}

// compilerOf returns rules compiled.
func compilerOf(rules []Rule) (*ast.Compiler, error) {
	key, ok := builtinKey(rules)
	if !ok {
		return compileModules(rules)
	}
	kept.Lock()
	compiled, ok := kept.compilers[key]
	if !ok {
		if len(kept.compilers) == keptSets {
			clear(kept.compilers)
		}
		rules = slices.Clone(rules)
		compiled = sync.OnceValues(func() (*ast.Compiler, error) { return compileModules(rules) })
		kept.compilers[key] = compiled
	}
	kept.Unlock()
	return compiled()
}

// builtinKey joins the ids of built-in rules; ok is false if a rule is none of them, or is another
// state of one ([NewFrom]).
func builtinKey(rules []Rule) (key string, ok bool) {
	all, err := builtin()
	if err != nil {
		return "", false
	}
	ids := make([]string, len(rules))
	for i, r := range rules {
		if !slices.ContainsFunc(all, func(b Rule) bool { return b.ID == r.ID && b.module == r.module }) {
			return "", false
		}
		ids[i] = r.ID
	}
	return strings.Join(ids, " "), true
}

// compileModules compiles copies, since a compiler rewrites what it is given.
func compileModules(rules []Rule) (*ast.Compiler, error) {
	modules := make(map[string]*ast.Module, len(rules))
	for _, r := range rules {
		modules[r.ID] = r.module.Copy()
	}
	compiler := newCompiler()
	if compiler.Compile(modules); compiler.Failed() {
		return nil, explain(compiler.Errors)
	}
	return compiler, nil
}
