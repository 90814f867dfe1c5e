package policy

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/open-policy-agent/opa/v1/ast"
)

const ownBody = `findings contains {"field": "spec", "message": "m", "fix": "x"} if input`

// writeRule writes an own rule with a parameter least; body may be a whole module.
func writeRule(t *testing.T, dir, id, body string) {
	t.Helper()
	source := body
	if !strings.Contains(body, "METADATA") {
		source = fmt.Sprintf(`# METADATA
# title: Own
# description: For tests.
# custom: {subjects: [routes], mode: deny, params: {least: {default: 1, minimum: 0}}}
package policy.rules[%q]

%s`, id, body)
	}
	writeFile(t, filepath.Join(dir, id, strings.ReplaceAll(id, "-", "_")+".rego"), source)
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// ownEngine compiles one own rule with the body given.
func ownEngine(t *testing.T, body string) *Engine {
	t.Helper()
	dir := t.TempDir()
	writeRule(t, dir, "own", body)
	rules, err := ReadFolder(dir)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := newEngine(DefaultConfig(), rules)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func TestReadFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeRule(t, dir, "team-label", ownBody)
	writeFile(t, filepath.Join(dir, "team-label", "team_label_test.rego"), "this is not read")
	writeFile(t, filepath.Join(dir, "team-label", "README.md"), "# Team label")
	writeRule(t, dir, "zone", ownBody)
	writeFile(t, filepath.Join(dir, "..data", "x.rego"), "nor is what a mounted ConfigMap hides")
	rules, err := ReadFolder(dir)
	if err != nil || len(rules) != 2 {
		t.Fatalf("got %d rules, %v", len(rules), err)
	}
	first := rules[0]
	first.module, first.size = nil, 0
	least := 0.0
	want := Rule{
		ID: "team-label", Title: "Own", Description: "For tests.", Subjects: []Subject{SubjectRoutes}, Mode: ModeDeny,
		Params: map[string]Param{"least": {Default: 1.0, Minimum: &least}}, Page: "# Team label", Source: filepath.Join(dir, "team-label"),
	}
	if diff := cmp.Diff(want.Params, first.Params); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if got, want := fmt.Sprintf("%+v", describeRule(first)), fmt.Sprintf("%+v", describeRule(want)); got != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
	if rules[1].Page != "" {
		t.Error("a rule without README.md has no page")
	}
	for _, r := range Rules() {
		if r.Source != BuiltIn {
			t.Errorf("%s: source %q", r.ID, r.Source)
		}
	}
}

func describeRule(r Rule) Rule { r.Params = nil; return r }

func TestReadFolderRefuses(t *testing.T) {
	t.Parallel()
	module := func(custom, rest string) string {
		return "# METADATA\n# title: t\n# description: d\n# custom: {" + custom + "}\n" + rest
	}
	const head = "package policy.rules.own\n\n"
	const usual = "subjects: [routes], mode: deny"
	cases := map[string]struct{ id, body, want string }{
		"HTTP":       {"own", "x := http.send({\"method\": \"get\", \"url\": \"http://localhost\"})\n\n" + ownBody, "own/own.rego:7: calls http.send, which no rule may: it reaches out"},
		"Lookup":     {"own", `findings contains {"field": "f", "message": "m", "fix": "x"} if count(net.lookup_ip_addr(input.name)) > 0`, "calls net.lookup_ip_addr, which no rule may"},
		"Random":     {"own", `findings contains {"field": "f", "message": "m", "fix": "x"} if rand.intn("a", 2) == 1`, "calls rand.intn, which no rule may"},
		"Replaced":   {"own", `findings contains {"field": "f", "message": "m", "fix": "x"} if lower("a") == "b" with lower as http.send`, "calls http.send, which no rule may"},
		"OtherRule":  {"own", `findings contains f if some f in data.policy.rules.promotion.findings`, "reads data.policy.rules.promotion.findings; of data, a rule reads data.params.own alone"},
		"OtherParam": {"own", `findings contains {"field": "f", "message": "m", "fix": "x"} if data.params["weights-sum"].total == 1`, "reads data.params"},
		"AllData":    {"own", `findings contains {"field": "f", "message": "m", "fix": "x"} if count(data) > 0`, "reads data;"},
		"SomeData":   {"own", `findings contains {"field": "f", "message": "m", "fix": "x"} if data[input.k]`, "reads data[input.k];"},
		"Import":     {"own", module(usual, head+"import data.lib\n\n"+ownBody), "imports data.lib; a rule imports nothing"},
		"Fixed":      {"own", module(usual+", fixed: true", head+ownBody), "custom.fixed is for rules about Aviary's own hands"},
		"BuiltIn":    {"promotion", ownBody, "a built-in rule has this id already"},
		"Name":       {"Own", ownBody, "the id must be lower-case words with hyphens between"},
		"Syntax":     {"own", "findings contains", "rego_parse_error"},
		"Compile":    {"own", `findings contains {"field": x, "message": "m", "fix": "x"} if input`, "var x is unsafe"},
		"Big":        {"own", "# " + strings.Repeat("x", maxSource) + "\n" + ownBody, "at most 65536 are read"},
		"NoDefault":  {"own", module(usual+", params: {n: {minimum: 1}}", head+ownBody), "METADATA: custom.params.n: must have a default"},
		"Range":      {"own", module(usual+", params: {n: {default: 5, maximum: 4}}", head+ownBody), "METADATA: custom.params.n: the default must be a whole number of at most 4, is 5"},
		"RangeText":  {"own", module(usual+", params: {n: {default: a, maximum: 4}}", head+ownBody), "minimum and maximum are for numbers, the default is a text"},
		"ParamKey":   {"own", module(usual+", params: {n: {default: a, max: 4}}", head+ownBody), `unknown field "max"`},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeRule(t, dir, c.id, c.body)
			writeRule(t, dir, "zone", ownBody)
			rules, err := ReadFolder(dir)
			bad, ok := errors.AsType[*RuleError](err)
			if !ok || bad.ID != c.id || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want an error about %s that says %q", err, c.id, c.want)
			}
			if len(rules) != 1 || rules[0].ID != "zone" {
				t.Errorf("got %d rules, want the good one", len(rules))
			}
		})
	}
	dir := t.TempDir()
	writeFile(t, filepath.Join(dir, "team_label.rego"), "package x")
	if _, err := ReadFolder(dir); err == nil || !strings.Contains(err.Error(), "a rule is a folder, team-label/team_label.rego") {
		t.Errorf("got %v, want that a file is no rule", err)
	}
}

func TestOwnRules(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeRule(t, filepath.Join(root, "policies"), "team-label", `findings contains {"field": "spec", "message": sprintf("n is %d", [data.params["team-label"].least]), "fix": "x"} if input`)
	path := filepath.Join(root, "aviary.yaml")
	const rest = "policies: [policies]\nrules: {team-label: {params: {least: 7}}}\n"
	writeFile(t, path, configHead+rest)
	cfg, err := LoadConfig(path)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	findings, err := engine.Evaluate(t.Context(), SubjectRoutes, routesInput(NewBuilder(), 1, 60))
	if err != nil || len(findings) != 2 || findings[0].String() != "spec: [team-label] n is 7; x" || findings[0].Mode != ModeDeny {
		t.Errorf("got %v, %v, want the own rule's finding beside the built-in rule's", findings, err)
	}
	writeFile(t, path, configHead+strings.Replace(rest, "7", "-1", 1))
	want := "configuration " + path + ": rules.team-label.params.least: must be a whole number of at least 0, is -1"
	if _, err := LoadConfig(path); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	writeRule(t, filepath.Join(root, "more"), "team-label", ownBody)
	writeFile(t, path, configHead+"policies: [policies, more]\n")
	if _, err := LoadConfig(path); err == nil || !strings.Contains(err.Error(), "policies/team-label has this id already") {
		t.Errorf("got %v, want that two folders have one id", err)
	}
}

// TestOwnRulesFailAlone: what goes wrong in an own rule is a finding of that rule, in its mode.
func TestOwnRulesFailAlone(t *testing.T) {
	t.Parallel()
	engine := ownEngine(t, `findings contains {"field": "f", "message": "m", "fix": to_number("x")} if input`)
	findings, err := engine.Evaluate(t.Context(), SubjectRoutes, ast.NewObject())
	if err != nil || len(findings) != 1 || findings[0].Mode != ModeDeny ||
		!strings.Contains(findings[0].String(), "metadata.name: [own] the rule could not judge this object: ") || !strings.Contains(findings[0].Fix, "rules: {own: {mode: off}}") {
		t.Errorf("got %v, %v", findings, err)
	}
}

//nolint:paralleltest // because own rules have little time, which the other tests would take.
func TestOwnFindingsAreCapped(t *testing.T) {
	engine := ownEngine(t, `findings contains {"field": sprintf("a%d", [i]), "message": "m", "fix": "x", "severity": "warn"} if some i in numbers.range(1, 120)

findings contains {"field": "z", "message": "m", "fix": "x"} if input`)
	findings, err := engine.Evaluate(t.Context(), SubjectRoutes, ast.NewObject())
	if err != nil || len(findings) != ownFindings || findings[len(findings)-1].Mode != ModeDeny {
		t.Errorf("got %d findings, %v, want %d with the denial among them", len(findings), err, ownFindings)
	}
}

// TestOwnRulesAreBounded runs what would take very long, and measures.
func TestOwnRulesAreBounded(t *testing.T) {
	finding := `findings contains {"field": "f", "message": "m", "fix": "x"} if `
	cases := map[string]string{
		"Exponential": finding + `{
	n := numbers.range(1, 40)
	every a in n { every b in n { every c in n { every d in n { every e in n { a + b + c + d + e > 0 } } } } }
}`,
		"Memory": finding + `count(numbers.range(1, 1000000000)) < 0`,
		"Regex":  finding + `regex.match("[a-z]{999}[0-9]", input.name)`,
	}
	long := ast.StringTerm(strings.Repeat("abcdefghij", 200_000))
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			engine := ownEngine(t, body)
			for _, limit := range []time.Duration{100 * time.Millisecond, time.Minute} {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				ctx, stop := context.WithTimeout(t.Context(), limit)
				defer stop()
				start := time.Now()
				findings, err := engine.Evaluate(ctx, SubjectRoutes, ast.NewObject([2]*ast.Term{ast.StringTerm("name"), long}))
				took, bound := time.Since(start), min(limit, ownTime)
				runtime.ReadMemStats(&after)
				t.Logf("limit %s: ended %s after %s, %d MiB allocated; %v %v", limit, took-bound, bound, (after.TotalAlloc-before.TotalAlloc)>>20, findings, err)
				if took > bound+5*time.Second {
					t.Errorf("took %s, must end soon after %s", took, bound)
				}
				// Whether the steps or the time end first depends on the machine.
				judged := err == nil && (len(findings) != 1 || !strings.Contains(findings[0].Message, "could not judge"))
				if judged || err != nil && (limit > ownTime || !errors.Is(err, context.DeadlineExceeded)) {
					t.Errorf("got %v, %v, want that the rule could not judge, or the caller's deadline", findings, err)
				}
			}
		})
	}
}

func TestStepsAreBounded(t *testing.T) {
	t.Parallel()
	p := ownEngine(t, `findings contains {"field": "f", "message": "m", "fix": "x"} if count(numbers.range(1, 1000)) < 0`).own[0].programs[SubjectRoutes]
	if _, err := p.run(t.Context(), ast.NewObject(), 100); !errors.Is(err, errTooManySteps) {
		t.Errorf("got %v of 100 steps, want %v", err, errTooManySteps)
	}
	if _, err := p.run(t.Context(), ast.NewObject(), 10_000); err != nil {
		t.Errorf("got %v of 10,000 steps", err)
	}
}

// TestStuckRulesAreNotBegun: a rule whose evaluations nobody could stop doesn't get more of them.
func TestStuckRulesAreNotBegun(t *testing.T) {
	t.Parallel()
	engine := ownEngine(t, ownBody)
	engine.own[0].stuck.Store(ownStuck)
	findings, err := engine.Evaluate(t.Context(), SubjectRoutes, ast.NewObject())
	if err != nil || len(findings) != 1 || !strings.Contains(findings[0].Message, "is still at work on earlier objects") {
		t.Errorf("got %v, %v", findings, err)
	}
	engine.own[0].stuck.Store(0)
	if findings, err = engine.Evaluate(t.Context(), SubjectRoutes, ast.NewObject()); err != nil || len(findings) != 1 || findings[0].Message != "m" {
		t.Errorf("got %v, %v", findings, err)
	}
}
