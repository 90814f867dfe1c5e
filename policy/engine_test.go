package policy

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/policy/input"
)

const stub = `# METADATA
# title: Stub
# description: For tests.
# custom: {subjects: [routes], mode: MODE, fixed: FIXED, params: {n: 1}}
package policy.rules["stub"]

`

// stubs returns a catalog of one rule, for the subject routes.
func stubs(t *testing.T, mode Mode, fixed, body string) []Rule {
	t.Helper()
	source := strings.NewReplacer("MODE", mode.String(), "FIXED", fixed).Replace(stub) + body
	rules, err := readRules(fstest.MapFS{
		"stub/stub.rego":      {Data: []byte(source)},
		"stub/stub_test.rego": {Data: []byte("this is not read")},
		"stub/README.md":      {Data: []byte("# Stub")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return rules
}

const (
	plainBody  = `findings contains {"field": "spec", "message": "m", "fix": "x"} if input`
	cappedBody = `findings contains {"field": "spec", "message": "m", "fix": "x", "severity": "warn"} if input`
)

func TestModeIsACeiling(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason               string
		mode, set, enforce   Mode
		fixed, body          string
		want                 Mode
		evaluatesToNoFinding bool
	}{
		"Default": {
			"the rule's own mode holds", ModeDeny, ModeUnset, ModeDeny, "false", plainBody, ModeDeny, false,
		},
		"Lowered": {"a mode lowers", ModeDeny, ModeWarn, ModeDeny, "false", plainBody, ModeWarn, false},
		"Audit": {
			"audit is silent, not gone", ModeDeny, ModeAudit, ModeDeny, "false", plainBody, ModeAudit, false,
		},
		"DefaultOff": {"a default of off holds", ModeOff, ModeUnset, ModeDeny, "false", plainBody, ModeUnset, true},
		"OffRaised": {
			"a rule that is off can be switched on", ModeOff, ModeWarn, ModeDeny, "false", plainBody,
			ModeWarn, false,
		},
		"Off": {"off isn't evaluated", ModeDeny, ModeOff, ModeDeny, "false", plainBody, ModeUnset, true},
		"Severity": {
			"a finding that says warn stays one", ModeDeny, ModeDeny, ModeDeny, "false", cappedBody, ModeWarn,
			false,
		},
		"SeverityAudit": {
			"severity doesn't raise", ModeDeny, ModeAudit, ModeDeny, "false", cappedBody, ModeAudit, false,
		},
		"WarnRaised": {
			"a rule whose default is warn is raised", ModeWarn, ModeDeny, ModeDeny, "false", plainBody,
			ModeDeny, false,
		},
		"Cap": {"enforcement: warn caps", ModeDeny, ModeDeny, ModeWarn, "false", plainBody, ModeWarn, false},
		"CapAudit": {
			"enforcement: warn doesn't raise", ModeDeny, ModeAudit, ModeWarn, "false", plainBody, ModeAudit,
			false,
		},
		"Fixed": {
			"no cap lowers a fixed rule", ModeDeny, ModeUnset, ModeWarn, "true", plainBody, ModeDeny, false,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cfg := DefaultConfig()
			cfg.Enforcement, cfg.Rules = c.enforce, map[string]RuleConfig{"stub": {Mode: c.set}}
			engine, err := newEngine(cfg, stubs(t, c.mode, c.fixed, c.body))
			if err != nil {
				t.Fatal(err)
			}
			findings, err := engine.Evaluate(t.Context(), SubjectRoutes, &input.Document{})
			if err != nil {
				t.Fatal(err)
			}
			if c.evaluatesToNoFinding {
				if len(findings) != 0 {
					t.Errorf("%s: got %v", c.reason, findings)
				}
				return
			}
			if len(findings) != 1 || findings[0].Mode != c.want || engine.Mode("stub") < findings[0].Mode {
				t.Errorf("%s: got %+v, want mode %s", c.reason, findings, c.want)
			}
		})
	}
}

func TestFixedRulesStayInTheRealCatalog(t *testing.T) {
	t.Parallel()
	cfg := DefaultConfig()
	cfg.Enforcement = ModeWarn
	engine, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range engine.Rules() {
		want := min(r.Mode, ModeWarn)
		if r.Fixed {
			want = ModeDeny
		}
		if got := engine.Mode(r.ID); got != want {
			t.Errorf("%s: got %s, want %s", r.ID, got, want)
		}
	}
	if engine.Mode("sibling-collision") != ModeDeny {
		t.Error("sibling-collision must be fixed")
	}
}

// TestManifestsNameFixedRules: who installs with enforcement: warn must know what refuses all the
// same.
func TestManifestsNameFixedRules(t *testing.T) {
	t.Parallel()
	rules, err := builtin()
	if err != nil {
		t.Fatal(err)
	}
	for _, page := range []string{"../manifests/base/config.yaml", "../manifests/README.md"} {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range rules {
			if r.Fixed && !strings.Contains(string(text), r.ID) {
				t.Errorf("%s must name %s", page, r.ID)
			}
		}
	}
}

func TestParameters(t *testing.T) {
	t.Parallel()
	cfg := DefaultConfig()
	cfg.Rules = map[string]RuleConfig{"stub": {Params: map[string]any{"n": 7}}}
	body := `findings contains {"field": "f", "message": sprintf("%d", [data.params.stub.n]), "fix": "x"} if input`
	for want, cfg := range map[string]Config{"1": DefaultConfig(), "7": cfg} {
		engine, err := newEngine(cfg, stubs(t, ModeDeny, "false", body))
		if err != nil {
			t.Fatal(err)
		}
		findings, err := engine.Evaluate(t.Context(), SubjectRoutes, &input.Document{})
		if err != nil || len(findings) != 1 || findings[0].Message != want {
			t.Errorf("got %v, %v, want the message %s", findings, err, want)
		}
	}
}

func TestFindingsOutOfFormAreErrors(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		`{"field": "f", "message": "m"}`:                                 "lacks its fix",
		`{"field": "f", "fix": "x"}`:                                     "lacks its message",
		`{"message": "m", "fix": "x"}`:                                   "lacks its field",
		`{"field": 1, "message": "m", "fix": "x"}`:                       `may not have "field": 1`,
		`{"field": "f", "message": "m", "fix": "x", "severty": "warn"}`:  `may not have "severty"`,
		`{"field": "f", "message": "m", "fix": "x", "severity": "info"}`: `may not have "severity"`,
		`"f"`: "must be an object",
		`{"field": "f", "message": "m", "fix": to_number("x")}`: "to_number",
	}
	for finding, want := range cases {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			rules := stubs(t, ModeDeny, "false", "findings contains "+finding+" if input")
			engine, err := newEngine(DefaultConfig(), rules)
			if err != nil {
				t.Fatal(err)
			}
			_, err = engine.Evaluate(t.Context(), SubjectRoutes, &input.Document{})
			if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), "stub") {
				t.Errorf("got %v, want an error that names the rule and says %q", err, want)
			}
		})
	}
}

func TestCapabilitiesKeepRulesInside(t *testing.T) {
	t.Parallel()
	for _, call := range []string{
		`http.send({"method": "get", "url": "http://localhost"})`, `net.lookup_ip_addr("localhost")`,
		`net.cidr_contains("10.0.0.0/8", "10.0.0.1")`, `opa.runtime()`, `rego.parse_module("a", "package a")`,
	} {
		_, err := newEngine(DefaultConfig(), stubs(t, ModeDeny, "false", "x := "+call+"\n\n"+plainBody))
		if err == nil || !strings.Contains(err.Error(), "undefined function") {
			t.Errorf("%s: got %v, want it to be unknown", call, err)
		}
	}
}

func TestEvaluateStopsWithItsContext(t *testing.T) {
	t.Parallel()
	endless := `findings contains {"field": "f", "message": "m", "fix": "x"} if {
	some a in numbers.range(1, 100000)
	some b in numbers.range(1, 100000)
	a * b == -1
}`
	engine, err := newEngine(DefaultConfig(), stubs(t, ModeDeny, "false", endless))
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer stop()
	start := time.Now()
	_, err = engine.Evaluate(ctx, SubjectRoutes, &input.Document{})
	if !errors.Is(err, context.DeadlineExceeded) || time.Since(start) > 5*time.Second {
		t.Errorf("got %v after %s, want the deadline", err, time.Since(start))
	}
	if _, err = engine.Evaluate(ctx, SubjectRoutes, &input.Document{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v of an ended context, want the deadline", err)
	}
}

func TestEvaluateConcurrently(t *testing.T) {
	t.Parallel()
	engine, err := New(t.Context(), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	doc := routesDocument(3, 80)
	want, err := engine.Evaluate(t.Context(), SubjectRoutes, doc)
	if err != nil || len(want) != 3 {
		t.Fatal(want, err)
	}
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for range 20 {
				got, err := engine.Evaluate(t.Context(), SubjectRoutes, doc)
				if diff := cmp.Diff(want, got); diff != "" || err != nil {
					t.Errorf("%v (-want +got)\n%s", err, diff)
				}
			}
		})
	}
	group.Wait()
}

func TestEvaluateSubjects(t *testing.T) {
	t.Parallel()
	engine, err := New(t.Context(), DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	for _, subject := range []Subject{SubjectRoutes, SubjectDeployment} {
		if findings, err := engine.Evaluate(t.Context(), subject, &input.Document{}); err != nil || len(findings) != 0 {
			t.Errorf("%s of an empty document: got %v, %v, want nothing", subject, findings, err)
		}
	}
	if _, err := engine.Evaluate(t.Context(), "pods", &input.Document{}); err == nil {
		t.Error("want an error for an unknown subject")
	}
}
