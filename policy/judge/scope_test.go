package judge_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/policy/judge/story"
)

const crooked = `apiVersion: gateway.solo.io/v1
kind: VirtualService
metadata: {name: old-1, namespace: legacy}
spec:
  virtualHost:
    domains: [a]
    routes:
    - matchers: [{prefix: /a}]
      routeAction:
        multi:
          destinations:
          - {weight: 60, destination: {upstream: {name: a, namespace: legacy}, subset: {values: {version: v1}}}}
          - {weight: 30, destination: {upstream: {name: a, namespace: legacy}, subset: {values: {version: v2}}}}
`

// lost is an inventory that can't tell about Namespaces.
type lost struct{ fact.Reader }

func (lost) Namespace(context.Context, string) (*fact.Namespace, error) {
	return nil, errors.New("timed out")
}

// TestScope judges a split of 90 by what the configuration says of the object's place.
func TestScope(t *testing.T) {
	t.Parallel()
	const namespaces = "namespaces: [{selector: {matchLabels: {tier: sandbox}}, rules: {weights-sum: %s}}]\n"
	sandbox := &fact.Namespace{Name: "legacy", Labels: map[string]string{"tier": "sandbox"}}
	exception := func(match, expires string) string {
		return "- {rule: weights-sum, match: {" + match + "}, reason: T-1, expires: " + expires + "}\n"
	}
	cases := map[string]struct {
		reason, config string
		namespace      *fact.Namespace
		failing        bool
		want           policy.Mode
		exception      string
	}{
		"Default": {"nothing is said", "", sandbox, false, policy.ModeDeny, ""},
		"Lowered": {
			"the Namespace's labels are asked", fmt.Sprintf(namespaces, "warn"), sandbox, false, policy.ModeWarn, "",
		},
		"NoLabels": {
			"a Namespace without labels is none of these", fmt.Sprintf(namespaces, "warn"), &fact.Namespace{Name: "legacy"},
			false, policy.ModeDeny, "",
		},
		"NotRaised": {
			"nor is a mode raised there", "rules: {weights-sum: {mode: audit}}\n" + fmt.Sprintf(namespaces, "deny"),
			&fact.Namespace{Name: "legacy"}, false, policy.ModeAudit, "",
		},
		"NotSeen": {
			"a Namespace that isn't seen yet could be any", fmt.Sprintf(namespaces, "warn"), nil, false, policy.ModeDeny, "",
		},
		"RaiseUnseen": {
			"also one that raises the mode", "rules: {weights-sum: {mode: audit}}\n" + fmt.Sprintf(namespaces, "deny"),
			nil, false, policy.ModeDeny, "",
		},
		"Failing": {
			"so could one that can't be looked up", "rules: {weights-sum: {mode: audit}}\n" + fmt.Sprintf(namespaces, "deny"),
			sandbox, true, policy.ModeDeny, "",
		},
		"Excepted": {
			"the object is one of the exception's",
			"exceptions:\n" + exception("namespace: legacy, kind: VirtualService, name: old-*", "2999-12-31"),
			nil, false, policy.ModeAudit, "T-1",
		},
		"Expired": {
			"an expired exception excuses nothing",
			"exceptions:\n" + exception("namespace: legacy, kind: VirtualService, name: old-*", "2020-01-31"),
			nil, false, policy.ModeDeny, "",
		},
		"TwoDontAddUp": {
			"one exception has the right namespace, the other the right name",
			"exceptions:\n" + exception("namespace: legacy, name: new-*", "2999-12-31") +
				exception("namespace: other, name: old-*", "2999-12-31"),
			nil, false, policy.ModeDeny, "",
		},
	}
	kinds := glootest.Kinds()
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config, err := policy.ParseConfig([]byte("apiVersion: aviary.dev/v1alpha1\nkind: Config\n"+c.config), kinds)
			if err != nil {
				t.Fatal(err)
			}
			engine, err := policy.New(t.Context(), config)
			if err != nil {
				t.Fatal(err)
			}
			store := inventory.NewStore()
			if c.namespace != nil {
				store.Put(c.namespace)
			}
			var facts fact.Reader = store
			if c.failing {
				facts = lost{store}
			}
			j := judge.New(engine, config.Settings(convention.DefaultLabelKeys()), kinds)
			tables, err := story.Facts([]byte(crooked), kinds)
			if err != nil {
				t.Fatal(err)
			}
			findings, err := j.Decide(t.Context(), judge.Request{Operation: judge.Create, New: tables[0]}, facts)
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range findings {
				if f.Rule == "weights-sum" {
					if f.Mode != c.want || f.Exception != c.exception {
						t.Errorf("%s: got mode %s, exception %q, want %s, %q", c.reason, f.Mode, f.Exception, c.want, c.exception)
					}
					return
				}
			}
			t.Errorf("weights-sum did not speak: %v", findings)
		})
	}
}
