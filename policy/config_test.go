package policy

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
)

const configHead = "apiVersion: aviary.dev/v1alpha1\nkind: Config\n"

func TestParseConfig(t *testing.T) {
	t.Parallel()
	full := DefaultConfig()
	full.Enforcement = ModeWarn
	full.Defaults = Defaults{
		APIGroup: "example", CanaryHeaders: map[string]string{"x-canary": "1"}, Port: 8080,
		FallbackPolicy: convention.FallbackNone,
	}
	full.GateOnReadiness = false
	full.Rules = map[string]RuleConfig{
		"upstream-known": {Mode: ModeDeny},
		"version-unique": {Params: map[string]any{"allowSplit": true}},
		"weights-sum":    {Mode: ModeAudit, Params: map[string]any{"total": int64(1000)}},
	}
	headless := DefaultConfig()
	headless.Defaults.CanaryHeaders = map[string]string{}
	falls := DefaultConfig()
	falls.Defaults.FallbackPolicy = convention.FallbackAny
	fixed := DefaultConfig()
	fixed.Rules = map[string]RuleConfig{"sibling-collision": {Mode: ModeDeny}}
	off := DefaultConfig()
	off.Rules = map[string]RuleConfig{"promotion": {Mode: ModeOff}, "weights-sum": {Mode: ModeOff}}
	cases := map[string]struct {
		reason, text string
		want         Config
	}{
		"Empty":     {"what is absent is the default", "", DefaultConfig()},
		"Comments":  {"comments and a leading marker are no second document", "# a\n# b\n---\n", DefaultConfig()},
		"Null":      {"empty is absent", "enforcement:\ndefaults:\nrules:\n", DefaultConfig()},
		"Falls":     {"the other policy", "defaults: {fallbackPolicy: anyEndpoint}\n", falls},
		"Unsaid":    {"which no policy is by default", "defaults: {fallbackPolicy: }\n", DefaultConfig()},
		"NoHeaders": {"an empty map is said", "defaults: {canaryHeaders: {}}\n", headless},
		"Off": {
			"off without quotes is YAML's false",
			"rules: {promotion: {mode: off}, weights-sum: {mode: \"off\"}}\n", off,
		},
		"FixedDeny": {"a fixed rule may be told what it is", "rules: {sibling-collision: {mode: deny}}\n", fixed},
		"Full": {"everything is read", `enforcement: warn
defaults: {apiGroup: example, canaryHeaders: {x-canary: "1"}, port: 8080, fallbackPolicy: none}
gateOnReadiness: false
rules:
  weights-sum: {mode: audit, params: {total: 1000}}
  upstream-known: {mode: deny}
  version-unique: {params: {allowSplit: true}}
`, full},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := configHead + c.text
			if name == "Comments" {
				text = c.text + configHead
			}
			got, err := ParseConfig([]byte(text), nil)
			if err != nil {
				t.Fatalf("%s: %v", c.reason, err)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", c.reason, diff)
			}
		})
	}
}

func TestParseConfigRefuses(t *testing.T) {
	t.Parallel()
	const label = "must be a label value: at most 63 letters, digits, '-', '_' or '.', " +
		"with a letter or digit at both ends"
	cases := map[string]struct{ text, want string }{
		"Nothing":   {"", "must be a mapping that begins with apiVersion: aviary.dev/v1alpha1, kind: Config"},
		"List":      {"- a", "must be a mapping that begins with apiVersion: aviary.dev/v1alpha1, kind: Config"},
		"NoVersion": {"kind: Config", `apiVersion: "" must be "aviary.dev/v1alpha1"`},
		"OtherVersion": {
			"apiVersion: aviary.dev/v2\nkind: Config\nnew: 1",
			`apiVersion: "aviary.dev/v2" must be "aviary.dev/v1alpha1"`,
		},
		"OtherKind":    {"apiVersion: aviary.dev/v1alpha1\nkind: Deployment", `kind: "Deployment" must be "Config"`},
		"TwoDocuments": {configHead + "---\nenforcement: warn", "must be one YAML document"},
		"UnknownKey":   {configHead + "enforcment: warn", "enforcment: unknown key"},
		"TwoKeys": {
			configHead + "exemptions: []\nnamespace: []", "exemptions: unknown key\nnamespace: unknown key",
		},
		"CaseMatters": {configHead + "Enforcement: warn", "Enforcement: unknown key"},
		"NestedKey":   {configHead + "defaults: {ports: 80}", "defaults.ports: unknown key"},
		"RuleKey":     {configHead + "rules: {weights-sum: {level: warn}}", "rules.weights-sum.level: unknown key"},
		"RepeatedKey": {configHead + "kind: Config", `parse YAML: line 3: key "kind" already set in map`},
		"RepeatedRule": {
			configHead + "rules:\n  weights-sum: {mode: warn}\n  weights-sum: {mode: deny}",
			`parse YAML: line 5: key "weights-sum" already set in map`,
		},
		"BadYAML":     {configHead + "rules: [", "parse YAML: line 3: did not find expected node content"},
		"Enforcement": {configHead + "enforcement: audit", `enforcement: "audit" must be deny or warn`},
		"Mode": {
			configHead + "rules: {weights-sum: {mode: dryrun}}",
			`rules.weights-sum: mode "dryrun" must be one of deny, warn, audit, off`,
		},
		"ModeOn": {
			configHead + "rules: {weights-sum: {mode: on}}",
			`rules.weights-sum: mode "true" must be one of deny, warn, audit, off`,
		},
		"ModeNumber": {
			configHead + "rules: {weights-sum: {mode: 1}}",
			`rules.weights-sum: mode "1" must be one of deny, warn, audit, off`,
		},
		"HeaderType": {
			configHead + "defaults: {canaryHeaders: {stage: on}}",
			"defaults.canaryHeaders: must be a text, is a bool: put it in quotes",
		},
		"UnknownRule": {
			configHead + "rules: {weight-sum: {mode: warn}}",
			"rules.weight-sum: unknown rule; did you mean weights-sum?",
		},
		"UnknownParam": {
			configHead + "rules: {weights-sum: {params: {totl: 1}}}",
			"rules.weights-sum.params.totl: unknown parameter; did you mean total?",
		},
		"NoParams": {
			configHead + "rules: {promotion: {params: {x: 1}}}",
			"rules.promotion.params.x: unknown parameter: there is none",
		},
		"ParamType": {
			configHead + "rules: {weights-sum: {params: {total: \"100\"}}}",
			"rules.weights-sum.params.total: must be a whole number from 1 to 1000000, is a text",
		},
		"ParamRange": {
			configHead + "rules: {weights-sum: {params: {total: 0}}}",
			"rules.weights-sum.params.total: must be a whole number from 1 to 1000000, is 0",
		},
		"ParamFraction": {
			configHead + "rules: {weights-sum: {params: {total: 99.5}}}",
			"rules.weights-sum.params.total: must be a whole number from 1 to 1000000, is a number",
		},
		"ParamBool": {
			configHead + "rules: {version-unique: {params: {allowSplit: 1}}}",
			"rules.version-unique.params.allowSplit: must be true or false, is a whole number",
		},
		"Fixed": {
			configHead + "rules: {sibling-collision: {mode: warn}}",
			`rules.sibling-collision.mode: "warn" is not possible: ` +
				"the rule is about Aviary's own hands and always deny",
		},
		"Port":     {configHead + "defaults: {port: 0}", "defaults.port: 0 must be from 1 to 65535"},
		"PortType": {configHead + "defaults: {port: http}", "defaults.port: must be a whole number, is a string"},
		"APIGroup": {configHead + "defaults: {apiGroup: a b}", `defaults.apiGroup: "a b" ` + label},
		"Fallback": {
			configHead + "defaults: {fallbackPolicy: NONE}",
			`defaults.fallbackPolicy: "NONE" must be anyEndpoint or none, or left out`,
		},
		"FallbackOfGloo": {
			configHead + "defaults: {fallbackPolicy: NO_FALLBACK}",
			`defaults.fallbackPolicy: "NO_FALLBACK" must be anyEndpoint or none, or left out`,
		},
		"FallbackType": {
			configHead + "defaults: {fallbackPolicy: no}",
			"defaults.fallbackPolicy: must be a text, is a bool: put it in quotes",
		},
		"Header": {
			configHead + "defaults: {canaryHeaders: {\"a b\": x}}",
			`defaults.canaryHeaders: a b="x" must be a header's name and a value without commas`,
		},
		"Gate": {configHead + "gateOnReadiness: 1", "gateOnReadiness: must be true or false, is a number"},
		"AllAtOnce": {
			configHead + "defaults: {port: -1}\nrules: {a: {}, sibling-collision: {mode: audit}}",
			"defaults.port: -1 must be from 1 to 65535\nrules.a: unknown rule; known: KNOWN\n" +
				`rules.sibling-collision.mode: "audit" is not possible: ` +
				"the rule is about Aviary's own hands and always deny",
		},
	}
	known := make([]string, 0, 20)
	for _, r := range Rules() {
		known = append(known, r.ID)
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseConfig([]byte(c.text), nil)
			if err == nil {
				t.Fatal("want an error")
			}
			want := strings.ReplaceAll(c.want, "KNOWN", strings.Join(known, ", "))
			if diff := cmp.Diff(want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestLoadConfig(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "config.yaml")
	if _, err := LoadConfig(path, nil); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v, want that there is no file", err)
	}
	if err := os.WriteFile(path, []byte("kind: Config"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := LoadConfig(path, nil); err == nil || !strings.Contains(err.Error(), path) {
		t.Errorf("got %v, want an error that names the file", err)
	}
}

// FuzzParseConfig: never a panic; an error or a configuration that compiles.
func FuzzParseConfig(f *testing.F) {
	for _, seed := range []string{
		"", configHead, configHead + "enforcement: warn\ngateOnReadiness: false\n",
		configHead + "rules: {weights-sum: {mode: audit, params: {total: 1000}}}\n",
		configHead + "defaults: {apiGroup: example, canaryHeaders: {stage: canary}, port: 80}\n",
		configHead + "namespaces: [{selector: {matchLabels: {tier: sandbox}}, rules: {promotion: off}}]\n",
		configHead + "exceptions: [{rule: promotion, match: {name: \"a*\"}, reason: x, expires: 2027-01-31}]\n",
		configHead + "---\n", "{", "- 1", configHead + "rules: null\n? [a]: b\n", "--- >\n a\n",
	} {
		f.Add([]byte(seed))
	}
	rules, err := builtin()
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		cfg, broken, err := parseConfig(text, "", nil)
		if err := errors.Join(err, broken); err != nil {
			if strings.TrimSpace(err.Error()) == "" {
				t.Error("an error without words")
			}
			return
		}
		if err := cfg.check(rules, nil); err != nil {
			t.Errorf("what was accepted doesn't hold: %v", err)
		}
		for _, n := range append(cfg.Namespaces, NamespaceConfig{}) {
			modes := cfg.modes(rules, n.Rules)
			for _, r := range rules {
				if m := modes[r.ID]; m < ModeOff || m > ModeDeny || (r.Fixed && m != ModeDeny) {
					t.Errorf("%s: mode %v", r.ID, m)
				}
			}
		}
	})
}
