package policy

import (
	"strings"
	"testing"
	"testing/fstest"

	"aviary.dev/policy/input"
)

func TestRulesOutOfFormAreRefused(t *testing.T) {
	t.Parallel()
	head := "# METADATA\n# title: t\n# description: d\n"
	body := "\npackage policy.rules.stub\n\n" + plainBody
	cases := map[string]struct{ source, want string }{
		"NoMetadata": {"package policy.rules.stub\n\n" + plainBody, "has no METADATA"},
		"WrongPackage": {
			head + "# custom: {subjects: [routes], mode: deny}\npackage policy.rules.other\n\n" + plainBody,
			"package is policy.rules.other, must be policy.rules.stub",
		},
		"NoFindings": {
			head + "# custom: {subjects: [routes], mode: deny}\npackage policy.rules.stub\n\ndeny if input",
			"no set of findings",
		},
		"NoSubjects": {head + "# custom: {mode: deny}" + body, "subjects must name one"},
		"UnknownSubject": {
			head + "# custom: {subjects: [pods], mode: deny}" + body,
			`custom.subjects: "pods" is unknown; known: backend, deployment, routes, service`,
		},
		"RenamedSubject": {
			head + "# custom: {subjects: [routes, upstream], mode: deny}" + body,
			`custom.subjects: "upstream" is unknown; did you mean backend?`,
		},
		"NoDialects": {
			head + "# custom: {subjects: [routes], dialects: [], mode: deny}" + body,
			"custom.dialects: must name one dialect at least; leave it out for a rule about all of them",
		},
		"DialectName": {
			head + "# custom: {subjects: [routes], dialects: [Gloo], mode: deny}" + body,
			`custom.dialects: "Gloo" must be a name in lower case, for example gloo`,
		},
		"DialectTwice": {
			head + "# custom: {subjects: [routes], dialects: [gloo, gloo], mode: deny}" + body,
			"custom.dialects: gloo stands twice",
		},
		"NoMode":       {head + "# custom: {subjects: [routes]}" + body, "mode must be given"},
		"UnknownMode":  {head + "# custom: {subjects: [routes], mode: panic}" + body, `mode "panic" must be one of`},
		"UnknownKey":   {head + "# custom: {subjects: [routes], mode: deny, severity: high}" + body, "severity"},
		"FixedWarning": {head + "# custom: {subjects: [routes], mode: warn, fixed: true}" + body, "must be deny"},
		"NoTitle": {
			"# METADATA\n# description: d\n# custom: {subjects: [routes], mode: deny}" + body,
			"title and description",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := readRules(fstest.MapFS{"stub/stub.rego": {Data: []byte(c.source)}, "stub/README.md": {}})
			if err == nil || !strings.Contains(err.Error(), c.want) || !strings.HasPrefix(err.Error(), "rule stub: ") {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

// TestDialects: a rule that is about some dialects finds nothing in objects of others.
func TestDialects(t *testing.T) {
	t.Parallel()
	for dialects, found := range map[string]map[string]int{
		"":                          {"gloo": 1, "gatewayapi": 1, "": 1},
		", dialects: [gloo]":        {"gloo": 1, "gatewayapi": 0, "": 0},
		", dialects: [istio, gloo]": {"gloo": 1, "gatewayapi": 0, "istio": 1},
		", dialects: [gatewayapi]":  {"gloo": 0, "gatewayapi": 1},
	} {
		rules := stubs(t, ModeDeny, "false"+dialects, plainBody)
		engine, err := newEngine(DefaultConfig(), rules)
		if err != nil {
			t.Fatal(err)
		}
		for dialect, want := range found {
			got, err := engine.Evaluate(t.Context(), SubjectRoutes, &input.Document{Dialect: dialect})
			if err != nil || len(got) != want {
				t.Errorf("%q of a document of %q: got %v, %v, want %d", dialects, dialect, got, err, want)
			}
		}
	}
}
