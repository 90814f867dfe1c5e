package policy

import (
	"bytes"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"
	"sigs.k8s.io/yaml"
)

// TestPremises judges each body by an input that it needs more than, and by one that it may find something in.
func TestPremises(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body     string
		met, not string
	}{
		"There":                {`input.a.b`, `{"a": {"b": 0}}`, `{"a": {}}`},
		"True":                 {`input.a`, `{"a": ""}`, `{"a": false}`},
		"AnyOfAList":           {`input.a[_].b == false`, `{"a": [{"b": true}, {"b": false}]}`, `{"a": [{"b": true}]}`},
		"AnyOfAnObject":        {`some k; input.a[k] == k`, `{"a": {"x": 1}}`, `{"a": {}}`},
		"ConstantFirst":        {`1 == input.a`, `{"a": 1}`, `{"a": 2}`},
		"Comparison":           {`input.a > 1`, `{"a": 2}`, `{"a": 1}`},
		"ThroughAVariable":     {"x := input.a[_]\n\tx.b != 0", `{"a": [{"b": 1}]}`, `{"a": [{"b": 0}]}`},
		"ThroughTwo":           {"x := input.a\n\ty := x.b\n\ty == 1", `{"a": {"b": 1}}`, `{"a": {"b": 2}}`},
		"Argument":             {`count(input.a) > 7`, `{"a": []}`, `{}`},
		"NotThere":             {`not input.a.b`, `{"a": {}}`, `{"a": {"b": 1}}`},
		"NotTrue":              {`not input.a`, `{"a": false}`, `{"a": 0}`},
		"NotThereInAnyOfAList": {"x := input.a[_]\n\tnot x.b", `{"a": [{"b": 1}, {}]}`, `{"a": [{"b": 1}]}`},
		"NotInAnEmptyList":     {"x := input.a[_]\n\tnot x.b", `{"a": [{}]}`, `{"a": []}`},
		"NotSoOfWhatVaries":    {"some k, v in input.a\n\tnot input.b[k]", `{"a": {"x": 1}, "b": {"x": 1}}`, `{"b": {}}`},
		"NotWhatIsCompared":    {"input.a\n\tnot input.b == 1", `{"a": 1, "b": 1}`, `{"b": 1}`},
		"Parameter":            {`input.a > data.params.p.limit`, `{"a": 6}`, `{"a": 5}`},
		"UnknownParameter":     {`input.a > data.params.p.none`, `{"a": 0}`, `{}`},
		"NotWhatIsInAClosure":  {"input.a\n\tcount([x | x := input.b]) == 0", `{"a": 1}`, `{"b": 1}`},
		"NotWhatEveryAsks":     {"input.a\n\tevery x in input.a { x == input.b }", `{"a": []}`, `{"b": 1}`},
		"NotWhatWithAsks":      {"input.a\n\tdata.q with input as {\"b\": 1}", `{"a": 1}`, `{"b": 1}`},
		"AnArgumentOfCompares": {`input.a == input.b`, `{"a": 1, "b": 1}`, `{"a": 1}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			module := ast.MustParseModule("package p\n\nfindings contains 1 if {\n\t" + c.body + "\n}")
			compiler := ast.NewCompiler()
			if compiler.Compile(map[string]*ast.Module{"p": module}); compiler.Failed() {
				t.Fatal(compiler.Errors)
			}
			rule := compiled{premises: premises(compiler.Modules["p"], ast.MustParseTerm(`{"p": {"limit": 5}}`).Value)}
			if !rule.asks(ast.MustParseTerm(c.met).Value) {
				t.Errorf("%s may find something in %s", c.body, c.met)
			}
			if rule.asks(ast.MustParseTerm(c.not).Value) {
				t.Errorf("%s can find nothing in %s", c.body, c.not)
			}
		})
	}
}

// TestPremisesHideNothing judges variations of the documents in README.md with and without a look at the premises.
func TestPremisesHideNothing(t *testing.T) {
	t.Parallel()
	config := DefaultConfig()
	config.Rules = map[string]RuleConfig{"weight-step": {Mode: ModeDeny}} // the one that is off
	engine, err := New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	base := wholeInput(t)
	whole := map[Subject]program{}
	for s, p := range engine.subjects {
		p.rules = slices.Clone(p.rules)
		for i := range p.rules {
			p.rules[i].premises = nil
		}
		whole[s] = p
	}
	random := rand.New(rand.NewPCG(1, 2))
	found, skipped := 0, 0
	for range 400 {
		input := vary(random, base).Value
		for s, p := range engine.subjects {
			quick, err := p.run(t.Context(), input, 0)
			slow, wrong := whole[s].run(t.Context(), input, 0)
			if diff := cmp.Diff(Sort(slow), Sort(quick)); diff != "" || (err == nil) != (wrong == nil) {
				t.Fatalf("of %s\nwithout and with premises: %v, %v\n%s", input, wrong, err, diff)
			}
			found += len(slow)
			for _, r := range p.rules {
				if !r.asks(input) {
					skipped++
				}
			}
		}
	}
	if found < 400 || skipped < 400 {
		t.Errorf("%d findings, %d rules skipped: the documents show too little", found, skipped)
	}
}

// wholeInput is all that README.md shows of the input, in one.
func wholeInput(t *testing.T) *ast.Term {
	t.Helper()
	page, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	_, page, _ = bytes.Cut(page, []byte("## The input document"))
	all := map[string]any{"operation": "UPDATE", "kind": "RouteTable", "namespace": "echo", "name": "echo"}
	for i, block := range strings.Split(string(page), "```") {
		if i%2 == 1 {
			if err := yaml.Unmarshal([]byte(strings.TrimPrefix(block, "yaml")), &all); err != nil {
				t.Fatal(err)
			}
		}
	}
	value, err := ast.InterfaceToValue(all)
	if err != nil {
		t.Fatal(err)
	}
	return ast.NewTerm(value)
}

// vary drops parts of a document and changes others.
func vary(random *rand.Rand, t *ast.Term) *ast.Term {
	once := func(in int) bool { return random.IntN(in) == 0 }
	switch v := t.Value.(type) {
	case ast.Object:
		var items [][2]*ast.Term
		v.Foreach(func(key, value *ast.Term) {
			if !once(12) {
				items = append(items, [2]*ast.Term{key, vary(random, value)})
			}
		})
		return ast.ObjectTerm(items...)
	case *ast.Array:
		var items []*ast.Term
		v.Foreach(func(item *ast.Term) {
			for n := random.IntN(8); n > 0; n /= 3 {
				items = append(items, vary(random, item))
			}
		})
		return ast.ArrayTerm(items...)
	case ast.Boolean:
		return ast.BooleanTerm(bool(v) != once(3))
	case ast.Number:
		if once(2) {
			return ast.IntNumberTerm([]int{-1, 0, 1, 100, 120}[random.IntN(5)])
		}
	case ast.String:
		if once(6) {
			return ast.StringTerm([]string{"", "v1", "v2", "canary", "CREATE", "Upstream"}[random.IntN(6)])
		}
	}
	return t
}
