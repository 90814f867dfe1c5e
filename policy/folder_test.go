package policy

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// writeRule writes a custom rule with a parameter least; body may be a whole module.
func writeRule(t *testing.T, dir, id, body string) {
	t.Helper()
	source := body
	if !strings.Contains(body, "METADATA") {
		source = fmt.Sprintf(`# METADATA
# title: Team
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

func TestReadFolder(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	writeRule(t, dir, "team-label", customBody)
	writeFile(t, filepath.Join(dir, "team-label", "team_label_test.rego"), "this is not read")
	writeFile(t, filepath.Join(dir, "team-label", "README.md"), "# Team label")
	writeRule(t, dir, "zone", customBody)
	writeFile(t, filepath.Join(dir, "..data", "x.rego"), "nor is what a mounted ConfigMap hides")
	rules, err := ReadFolder(dir, nil)
	if err != nil || len(rules) != 2 {
		t.Fatalf("got %d rules, %v", len(rules), err)
	}
	first := rules[0]
	first.module, first.size = nil, 0
	least := 0.0
	want := Rule{
		ID: "team-label", Title: "Team", Description: "For tests.", Subjects: []Subject{SubjectRoutes}, Mode: ModeDeny,
		Params: map[string]Param{"least": {Default: 1.0, Minimum: &least}}, Page: "# Team label",
		Source: filepath.Join(dir, "team-label"),
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
		if r.Source != builtIn {
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
	const head = "package policy.rules.team\n\n"
	const usual = "subjects: [routes], mode: deny"
	cases := map[string]struct{ id, body, want string }{
		"HTTP": {
			"team", "x := http.send({\"method\": \"get\", \"url\": \"http://localhost\"})\n\n" + customBody,
			"team.rego:7: calls http.send, which no rule may: it reaches out",
		},
		"Lookup": {
			"team",
			`findings contains {"field": "f", "message": "m", "fix": "x"} if count(net.lookup_ip_addr(input.name)) > 0`,
			"calls net.lookup_ip_addr, which no rule may",
		},
		"Random": {
			"team", `findings contains {"field": "f", "message": "m", "fix": "x"} if rand.intn("a", 2) == 1`,
			"calls rand.intn, which no rule may",
		},
		"Replaced": {
			"team",
			`findings contains {"field": "f", "message": "m", "fix": "x"} if lower("a") == "b" with lower as http.send`,
			"calls http.send, which no rule may",
		},
		"OtherRule": {
			"team", `findings contains f if some f in data.policy.rules.promotion.findings`,
			"reads data.policy.rules.promotion.findings; of data, a rule reads data.params.team alone",
		},
		"OtherParam": {
			"team",
			`findings contains {"field": "f", "message": "m", "fix": "x"} if data.params["weights-sum"].total == 1`,
			"reads data.params",
		},
		"AllData": {
			"team", `findings contains {"field": "f", "message": "m", "fix": "x"} if count(data) > 0`,
			"reads data;",
		},
		"SomeData": {
			"team", `findings contains {"field": "f", "message": "m", "fix": "x"} if data[input.k]`,
			"reads data[input.k];",
		},
		"Import": {
			"team", module(usual, head+"import data.lib\n\n"+customBody),
			"imports data.lib; a rule imports nothing",
		},
		"Fixed": {
			"team", module(usual+", fixed: true", head+customBody),
			"custom.fixed is for rules about Aviary's own hands",
		},
		"BuiltIn": {"promotion", customBody, "a built-in rule has this id already"},
		"Name":    {"Team", customBody, "the id must be lower-case words with hyphens between"},
		"Syntax":  {"team", "findings contains", "rego_parse_error"},
		"Compile": {
			"team", `findings contains {"field": x, "message": "m", "fix": "x"} if input`, "var x is unsafe",
		},
		"Big": {"team", "# " + strings.Repeat("x", maxSource) + "\n" + customBody, "at most 65536 are read"},
		"NoDefault": {
			"team", module(usual+", params: {n: {minimum: 1}}", head+customBody),
			"METADATA: custom.params.n: must have a default",
		},
		"Range": {
			"team", module(usual+", params: {n: {default: 5, maximum: 4}}", head+customBody),
			"METADATA: custom.params.n: the default must be a whole number of at most 4, is 5",
		},
		"RangeText": {
			"team", module(usual+", params: {n: {default: a, maximum: 4}}", head+customBody),
			"minimum and maximum are for numbers, the default is a text",
		},
		"ParamKey": {
			"team", module(usual+", params: {n: {default: a, max: 4}}", head+customBody),
			`unknown field "max"`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			writeRule(t, dir, c.id, c.body)
			writeRule(t, dir, "zone", customBody)
			rules, err := ReadFolder(dir, nil)
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
	_, err := ReadFolder(dir, nil)
	if err == nil || !strings.Contains(err.Error(), "a rule is a folder, team-label/team_label.rego") {
		t.Errorf("got %v, want that a file is no rule", err)
	}
}

// judged is what there is to judge in tests.
type judged struct{ kinds, dialects []string }

func (j judged) Judged() []string   { return j.kinds }
func (j judged) Dialects() []string { return j.dialects }

// TestDialectsOfACustomRule: a rule about a dialect that there is not would find nothing, in silence.
func TestDialectsOfACustomRule(t *testing.T) {
	t.Parallel()
	const source = "# METADATA\n# title: x\n# description: x\n# custom: {subjects: [routes], mode: deny, dialects: %s}\n" +
		"package policy.rules.team\n\n" + customBody
	for names, want := range map[string]string{
		"[gloo]": "", "[toy, gloo]": "",
		"[gloo, golo]": `METADATA: custom.dialects: "golo" is unknown; did you mean gloo?`,
		"[istio]":      `METADATA: custom.dialects: "istio" is unknown; known: gloo, toy`,
	} {
		dir := t.TempDir()
		writeRule(t, dir, "team", fmt.Sprintf(source, names))
		_, err := ReadFolder(dir, judged{dialects: []string{"toy", "gloo"}})
		if want == "" && err != nil || want != "" && (err == nil || !strings.HasSuffix(err.Error(), want)) {
			t.Errorf("%s: %v, want %q", names, err, want)
		}
		if _, err := ReadFolder(dir, nil); err != nil {
			t.Errorf("%s: %v where any is known", names, err)
		}
	}
}
