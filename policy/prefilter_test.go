package policy

import (
	"math/rand/v2"
	"os"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"
	"sigs.k8s.io/yaml"

	"aviary.dev/policy/input"
)

// TestPrefilters judges each body by an input that it needs more than, and by one that it may find
// something in.
func TestPrefilters(t *testing.T) {
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
		"NotSoOfWhatVaries": {
			"some k, v in input.a\n\tnot input.b[k]", `{"a": {"x": 1}, "b": {"x": 1}}`, `{"b": {}}`,
		},
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
			params := ast.MustParseTerm(`{"p": {"limit": 5}}`).Value
			rule := compiled{prefilters: prefilters(compiler.Modules["p"], params)}
			if !rule.mayFind(ast.MustParseTerm(c.met).Value) {
				t.Errorf("%s may find something in %s", c.body, c.met)
			}
			if rule.mayFind(ast.MustParseTerm(c.not).Value) {
				t.Errorf("%s can find nothing in %s", c.body, c.not)
			}
		})
	}
}

// TestPrefiltersHideNothing judges variations of the document with all keys with and without a look
// at the prefilters.
func TestPrefiltersHideNothing(t *testing.T) {
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
			p.rules[i].prefilters = nil
		}
		whole[s] = p
	}
	random := rand.New(rand.NewPCG(1, 2))
	found, skipped, impossible := 0, 0, 0
	for range 250 {
		doc := vary(random, base).Value
		for s, p := range engine.subjects {
			slow, err := whole[s].run(t.Context(), doc, 0)
			if err != nil {
				impossible++ // two versions of one name, for example
				continue
			}
			quick, err := p.run(t.Context(), doc, 0)
			if diff := cmp.Diff(Sort(slow), Sort(quick)); diff != "" || err != nil {
				t.Fatalf("of %s\n%v (-without +with prefilters)\n%s", doc, err, diff)
			}
			found += len(slow)
			for _, r := range p.rules {
				if !r.mayFind(doc) {
					skipped++
				}
			}
		}
	}
	if found < 400 || skipped < 400 || impossible > 150 {
		t.Errorf("%d findings, %d rules skipped, %d documents that can't be: they show too little",
			found, skipped, impossible)
	}
}

// wholeInput is the document with all keys.
func wholeInput(t *testing.T) *ast.Term {
	t.Helper()
	text, err := os.ReadFile("testdata/input.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc input.Document
	if err := yaml.UnmarshalStrict(text, &doc); err != nil {
		t.Fatal(err)
	}
	return ast.NewTerm(doc.Value())
}

// vary drops parts of a document and changes others.
func vary(random *rand.Rand, t *ast.Term) *ast.Term {
	once := func(in int) bool { return random.IntN(in) == 0 }
	switch v := t.Value.(type) {
	case ast.Object:
		if v.Get(ast.StringTerm("message")) != nil {
			return t // a finding is reported as it is
		}
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
			n := random.IntN(4)
			if _, isObject := item.Value.(ast.Object); isObject {
				n = min(n, 1) // as two versions never have one name
			}
			for ; n > 0; n /= 2 {
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
			return ast.StringTerm([]string{"", "v1", "v2", "canary", "CREATE", "Service"}[random.IntN(6)])
		}
	}
	return t
}
