package policy

import (
	"errors"
	"testing"
	"time"

	"aviary.dev/policy/input"
)

var noon = time.Date(2027, 1, 31, 12, 0, 0, 0, time.UTC)

// TestScope: the stub's finding about one object, by what the configuration says of its place.
func TestScope(t *testing.T) {
	t.Parallel()
	sandbox := func(mode string) string {
		return "namespaces: [{selector: {matchLabels: {tier: sandbox}}, rules: {stub: " + mode + "}}]"
	}
	object := func(labels map[string]string) Scope {
		return Scope{Namespace: "legacy", Kind: "RouteTable", Name: "old-1", Labels: labels, Now: noon}
	}
	inSandbox := object(map[string]string{"tier": "sandbox"})
	elsewhere, unknown := object(map[string]string{}), object(nil)
	exception := func(match, expires string) string {
		return "\n- {rule: stub, match: {" + match + "}, reason: T-1, expires: " + expires + "}"
	}
	cases := map[string]struct {
		reason, config, fixed, body string
		scope                       Scope
		want                        Mode // ModeUnset: no finding
		excepted                    bool
	}{
		"Lowered":   {"a Namespace lowers a mode", sandbox("warn"), "", plainBody, inSandbox, ModeWarn, false},
		"Elsewhere": {"other Namespaces don't care", sandbox("warn"), "", plainBody, elsewhere, ModeDeny, false},
		"Raised": {
			"a Namespace raises a mode", "rules: {stub: {mode: audit}}\n" + sandbox("deny"), "", plainBody,
			inSandbox, ModeDeny, false,
		},
		"Severity": {
			"no Namespace raises a finding that says warn", sandbox("deny"), "", cappedBody, inSandbox,
			ModeWarn, false,
		},
		"Off":          {"off drops it there", sandbox("off"), "", plainBody, inSandbox, ModeUnset, false},
		"OffElsewhere": {"and only there", sandbox("off"), "", plainBody, elsewhere, ModeDeny, false},
		"OnHere": {
			"a rule that is off is on in one Namespace", "rules: {stub: {mode: off}}\n" + sandbox("warn"), "",
			plainBody, inSandbox, ModeWarn, false,
		},
		"OnNotElsewhere": {
			"and off in the others", "rules: {stub: {mode: off}}\n" + sandbox("warn"), "", plainBody,
			elsewhere, ModeUnset, false,
		},
		"Cap": {
			"enforcement caps last", "enforcement: warn\n" + sandbox("deny"), "", plainBody, inSandbox,
			ModeWarn, false,
		},
		"FirstWins": {
			"the first entry that selects holds, even where it says nothing",
			"namespaces: [{selector: {matchLabels: {tier: sandbox}}}, {selector: {}, rules: {stub: warn}}]",
			"", plainBody, inSandbox, ModeDeny, false,
		},
		"SecondHolds": {
			"an entry that doesn't select doesn't hold",
			"namespaces: [{selector: {matchLabels: {tier: sandbox}}}, {selector: {}, rules: {stub: warn}}]",
			"", plainBody, elsewhere, ModeWarn, false,
		},
		"ByName": {
			"the label of the name is there though nobody gave it",
			"namespaces: [{selector: {matchLabels: {kubernetes.io/metadata.name: legacy}}, rules: {stub: warn}}]",
			"", plainBody, elsewhere, ModeWarn, false,
		},
		"UnknownNotLowered": {"unknown labels lower nothing", sandbox("off"), "", plainBody, unknown, ModeDeny, false},
		"UnknownRaised": {
			"unknown labels could raise", "rules: {stub: {mode: audit}}\n" + sandbox("deny"), "", plainBody,
			unknown, ModeDeny, false,
		},
		"UnknownByName": {
			"the name is enough to be sure",
			"namespaces: [{selector: {matchLabels: {kubernetes.io/metadata.name: legacy}}, rules: {stub: warn}}]",
			"", plainBody, unknown, ModeWarn, false,
		},
		"UnknownOtherName": {
			"the name is enough to rule an entry out",
			"rules: {stub: {mode: audit}}\n" +
				"namespaces: [{selector: {matchLabels: {kubernetes.io/metadata.name: a, b: c}}, rules: {stub: deny}}]",
			"", plainBody, unknown, ModeAudit, false,
		},
		"Excepted": {
			"an excepted finding is kept for the audit",
			"exceptions:" + exception(`namespace: legacy, kind: RouteTable, name: "old-*"`, "2027-01-31"), "",
			plainBody, elsewhere, ModeAudit, true,
		},
		"ExceptedUnknown": {
			"an exception asks for no labels",
			"exceptions:" + exception("name: old-1", "2027-01-31"), "", plainBody, unknown, ModeAudit, true,
		},
		"Expired": {
			"an expired exception is none", "exceptions:" + exception("namespace: legacy", "2027-01-30"), "",
			plainBody, elsewhere, ModeDeny, false,
		},
		"WholeMatch": {
			"all of an exception must match",
			"exceptions:" + exception("namespace: legacy, name: new-1", "2027-01-31"),
			"", plainBody, elsewhere, ModeDeny, false,
		},
		"TwoDontAddUp": {
			"one has the right namespace, the other the right name: together they allow nothing",
			"exceptions:" + exception("namespace: legacy, name: new-*", "2027-01-31") +
				exception("namespace: other, name: old-*", "2027-01-31"),
			"", plainBody, elsewhere, ModeDeny, false,
		},
		"ExpiredAndOther": {
			"an expired one and one for another kind allow nothing",
			"exceptions:" + exception("name: old-1", "2027-01-01") + exception("kind: Deployment", "2027-01-31"),
			"", plainBody, elsewhere, ModeDeny, false,
		},
		"ExceptedAndOff": {
			"off drops it in spite of an exception",
			sandbox("off") + "\nexceptions:" + exception("name: old-1", "2027-01-31"), "", plainBody,
			inSandbox, ModeUnset, false,
		},
		"Fixed": {
			"a fixed rule is what it is", "enforcement: warn", "true", plainBody, inSandbox, ModeDeny, false,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if c.fixed == "" {
				c.fixed = "false"
			}
			rules := stubs(t, ModeDeny, c.fixed, c.body)
			engine, err := newEngine(scopeConfig(t, c.config, rules), rules)
			if err != nil {
				t.Fatal(err)
			}
			findings, err := engine.In(c.scope).Evaluate(t.Context(), SubjectRoutes, &input.Document{})
			if err != nil {
				t.Fatal(err)
			}
			if c.want == ModeUnset {
				if len(findings) != 0 {
					t.Errorf("%s: got %v", c.reason, findings)
				}
				return
			}
			if len(findings) != 1 || findings[0].Mode != c.want || (findings[0].Exception == "T-1") != c.excepted {
				t.Errorf("%s: got %+v, want mode %s", c.reason, findings, c.want)
			}
		})
	}
}

// scopeConfig reads a configuration for a catalog of its own.
func scopeConfig(t *testing.T, text string, rules []Rule) Config {
	t.Helper()
	file, err, wrong := decodeConfig([]byte(configHead + text))
	if err := errors.Join(err, wrong); err != nil {
		t.Fatal(err)
	}
	cfg := file.config()
	if err := errors.Join(append(file.scopes(&cfg), cfg.check(rules, nil))...); err != nil {
		t.Fatal(err)
	}
	return cfg
}

func TestAnotherRulesExceptionExcusesNothing(t *testing.T) {
	t.Parallel()
	const exception = `exceptions: [{rule: version-deployed, match: {name: "*"}, reason: T-1, expires: 2027-01-31}]`
	cfg, err := ParseConfig([]byte(configHead+exception), nil)
	if err != nil {
		t.Fatal(err)
	}
	engine, err := New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	findings, err := engine.In(Scope{Name: "a", Now: noon}).Evaluate(t.Context(), SubjectRoutes, routesDocument(1, 60))
	if err != nil || len(findings) != 1 || findings[0].Rule != "weights-sum" || findings[0].Mode != ModeDeny {
		t.Errorf("got %+v, %v, want the denial of weights-sum", findings, err)
	}
}

func TestWhatIsOffEverywhereIsNotEvaluated(t *testing.T) {
	t.Parallel()
	rules := stubs(t, ModeOff, "false", plainBody)
	for text, want := range map[string]bool{
		"": false,
		"namespaces: [{selector: {}, rules: {stub: off}}]":                              false,
		"namespaces: [{selector: {matchLabels: {tier: sandbox}}, rules: {stub: warn}}]": true,
	} {
		engine, err := newEngine(scopeConfig(t, text, rules), rules)
		if err != nil {
			t.Fatal(err)
		}
		if _, got := engine.subjects[SubjectRoutes]; got != want {
			t.Errorf("%q: evaluated %t", text, got)
		}
	}
}
