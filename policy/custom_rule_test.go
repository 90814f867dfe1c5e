package policy

import (
	"context"
	"errors"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"aviary.dev/policy/input"
)

const customBody = `findings contains {"field": "spec", "message": "m", "fix": "x"} if input`

// customEngine compiles one custom rule with the body given.
func customEngine(t *testing.T, body string) *Engine {
	t.Helper()
	dir := t.TempDir()
	writeRule(t, dir, "team", body)
	rules, err := ReadFolder(dir, nil)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := newEngine(DefaultConfig(), rules)
	if err != nil {
		t.Fatal(err)
	}
	return engine
}

func TestCustomRules(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	writeRule(t, filepath.Join(root, "policies"), "team-label",
		`findings contains {"field": "spec", "message": sprintf("n is %d", [least]), "fix": "x"} if input

least := data.params["team-label"].least`)
	path := filepath.Join(root, "aviary.yaml")
	const rest = "policies: [policies]\nrules: {team-label: {params: {least: 7}}}\n"
	writeFile(t, path, configHead+rest)
	cfg, err := LoadConfig(path, nil)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	findings, err := engine.Evaluate(t.Context(), SubjectRoutes, routesDocument(1, 60))
	if err != nil || len(findings) != 2 ||
		findings[0].String() != "spec: [team-label] n is 7; x" || findings[0].Mode != ModeDeny {
		t.Errorf("got %v, %v, want the custom rule's finding beside the built-in rule's", findings, err)
	}
	writeFile(t, path, configHead+strings.Replace(rest, "7", "-1", 1))
	want := "configuration " + path + ": rules.team-label.params.least: must be a whole number of at least 0, is -1"
	if _, err := LoadConfig(path, nil); err == nil || err.Error() != want {
		t.Errorf("got %v\nwant %s", err, want)
	}
	writeRule(t, filepath.Join(root, "more"), "team-label", customBody)
	writeFile(t, path, configHead+"policies: [policies, more]\n")
	_, err = LoadConfig(path, nil)
	if err == nil || !strings.Contains(err.Error(), "policies/team-label has this id already") {
		t.Errorf("got %v, want that two folders have one id", err)
	}
}

// TestCustomRulesFailAlone: what goes wrong in a custom rule is a finding of that rule, in its
// mode.
func TestCustomRulesFailAlone(t *testing.T) {
	t.Parallel()
	engine := customEngine(t, `findings contains {"field": "f", "message": "m", "fix": to_number("x")} if input`)
	findings, err := engine.Evaluate(t.Context(), SubjectRoutes, &input.Document{})
	if err != nil || len(findings) != 1 || findings[0].Mode != ModeDeny ||
		!strings.Contains(findings[0].String(), "metadata.name: [team] the rule could not judge this object: ") ||
		!strings.Contains(findings[0].Fix, "rules: {team: {mode: off}}") {
		t.Errorf("got %v, %v", findings, err)
	}
}

//nolint:paralleltest // because custom rules have little time, which the other tests would take.
func TestCustomFindingsAreCapped(t *testing.T) {
	engine := customEngine(t, `findings contains {"field": field, "message": "m", "fix": "x", "severity": "warn"} if {
	some i in numbers.range(1, 120)
	field := sprintf("a%d", [i])
}

findings contains {"field": "z", "message": "m", "fix": "x"} if input`)
	findings, err := engine.Evaluate(t.Context(), SubjectRoutes, &input.Document{})
	if err != nil || len(findings) != maxCustomFindings || findings[len(findings)-1].Mode != ModeDeny {
		t.Errorf("got %d findings, %v, want %d with the denial among them", len(findings), err, maxCustomFindings)
	}
}

// TestCustomRulesAreBounded runs what would take very long, and measures.
func TestCustomRulesAreBounded(t *testing.T) {
	finding := `findings contains {"field": "f", "message": "m", "fix": "x"} if `
	cases := map[string]string{
		"Exponential": finding + `{
	n := numbers.range(1, 40)
	every a in n { every b in n { every c in n { every d in n { every e in n { a + b + c + d + e > 0 } } } } }
}`,
		"Memory": finding + `count(numbers.range(1, 1000000000)) < 0`,
		"Regex":  finding + `regex.match("[a-z]{999}[0-9]", input.name)`,
	}
	long := &input.Document{Name: strings.Repeat("abcdefghij", 200_000)}
	for name, body := range cases {
		t.Run(name, func(t *testing.T) {
			engine := customEngine(t, body)
			for _, limit := range []time.Duration{100 * time.Millisecond, time.Minute} {
				var before, after runtime.MemStats
				runtime.ReadMemStats(&before)
				ctx, stop := context.WithTimeout(t.Context(), limit)
				defer stop()
				start := time.Now()
				findings, err := engine.Evaluate(ctx, SubjectRoutes, long)
				took, bound := time.Since(start), min(limit, customTime)
				runtime.ReadMemStats(&after)
				t.Logf("limit %s: ended %s after %s, %d MiB allocated; %v %v",
					limit, took-bound, bound, (after.TotalAlloc-before.TotalAlloc)>>20, findings, err)
				if took > bound+5*time.Second {
					t.Errorf("took %s, must end soon after %s", took, bound)
				}
				// Whether the steps or the time end first depends on the machine.
				judged := err == nil &&
					(len(findings) != 1 || !strings.Contains(findings[0].Message, "could not judge"))
				if judged || err != nil && (limit > customTime || !errors.Is(err, context.DeadlineExceeded)) {
					t.Errorf("got %v, %v, want that the rule could not judge, or the caller's deadline", findings, err)
				}
			}
		})
	}
}

func TestStepsAreBounded(t *testing.T) {
	t.Parallel()
	const body = `findings contains {"field": "f", "message": "m", "fix": "x"} if count(numbers.range(1, 1000)) < 0`
	p := customEngine(t, body).custom[0].programs[SubjectRoutes]
	if _, err := p.run(t.Context(), (&input.Document{}).Value(), 100); !errors.Is(err, errTooManySteps) {
		t.Errorf("got %v of 100 steps, want %v", err, errTooManySteps)
	}
	if _, err := p.run(t.Context(), (&input.Document{}).Value(), 10_000); err != nil {
		t.Errorf("got %v of 10,000 steps", err)
	}
}

// TestStuckRulesAreNotBegun: a rule whose evaluations nobody could stop doesn't get more of them.
func TestStuckRulesAreNotBegun(t *testing.T) {
	t.Parallel()
	engine := customEngine(t, customBody)
	engine.custom[0].stuck.Store(maxStuck)
	findings, err := engine.Evaluate(t.Context(), SubjectRoutes, &input.Document{})
	const stuck = "is still at work on earlier objects"
	if err != nil || len(findings) != 1 || !strings.Contains(findings[0].Message, stuck) {
		t.Errorf("got %v, %v", findings, err)
	}
	engine.custom[0].stuck.Store(0)
	findings, err = engine.Evaluate(t.Context(), SubjectRoutes, &input.Document{})
	if err != nil || len(findings) != 1 || findings[0].Message != "m" {
		t.Errorf("got %v, %v", findings, err)
	}
}
