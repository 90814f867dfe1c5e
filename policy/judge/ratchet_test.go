package judge_test

import (
	"slices"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestRatchetAWarningThatBecomesADenial: the label by which a parent picks the table is what makes
// its dead route a fault; that it was warned of before excuses nothing.
func TestRatchetAWarningThatBecomesADenial(t *testing.T) {
	t.Parallel()
	of := func(group string) fact.Fact {
		return facts(t, []byte(tableYAML("name: r, namespace: echo, labels: {apiGroup: "+group+"}",
			"{matchers: [{headers: [{name: stage, value: canary}]}], redirectAction: {hostRedirect: x}}")))[0]
	}
	store := inventory.NewStore()
	store.Put(facts(t, []byte(rootYAML("name: public, namespace: echo", "domains: ['*'], "+
		"routes: [{matchers: [{prefix: /}], delegateAction: {selector: {labels: {apiGroup: example}}}}]")))[0])
	j := judgeOf(t, policy.DefaultConfig())
	for name, c := range map[string]struct {
		before, after string
		refused       bool
	}{
		"picked by the request": {"none", "example", true},
		"picked before":         {"example", "example", false},
		"not picked":            {"none", "other", false},
	} {
		r := judge.Request{Operation: judge.Update, Old: of(c.before), New: of(c.after)}
		findings, err := j.Decide(t.Context(), r, store)
		if err != nil {
			t.Fatal(err)
		}
		if findings, err = j.Ratchet(t.Context(), r, findings, store); err != nil {
			t.Fatal(err)
		}
		refused := slices.ContainsFunc(findings,
			func(f policy.Finding) bool { return f.Rule == "canary-reachable" && f.Mode == policy.ModeDeny })
		if refused != c.refused {
			t.Errorf("%s: refused %v: %v", name, refused, findings)
		}
	}
}

// TestRatchet: what was there before is a warning, wherever it stands now; another fault of the
// same kind is not.
func TestRatchet(t *testing.T) {
	t.Parallel()
	table := func(routes string) string { return tableYAML("name: by-hand, namespace: echo", routes) }
	typo := func(key string) string {
		return `{apiVersion: apps/v1, kind: Deployment, metadata: {name: echo-v1, namespace: echo, annotations: {
  aviary.dev/app: echo, aviary.dev/api-group: example, aviary.dev/role: primary,
  aviary.dev/promoted-at: '2026-01-02T03:04:05.000Z', aviary.dev/` + key + `: '10'}},
 spec: {selector: {matchLabels: {app: echo, version: v1}}, template: {
  metadata: {labels: {app: echo, version: v1}}, spec: {containers: [{name: a, ports: [{containerPort: 80}]}]}}}}`
	}
	const (
		dead = "{matchers: [{prefix: /echo}], redirectAction: {hostRedirect: a}}, " +
			"{matchers: [{prefix: /echo, headers: [{name: stage, value: canary}]}], directResponseAction: {status: 200}}"
		refers = "{matchers: [{prefix: /echo}], redirectAction: {hostRedirect: a}}, " +
			"{matchers: [{prefix: /echo}], routeAction: {upstreamGroup: {name: g, namespace: echo}}, " +
			"options: {shadowing: {upstream: {name: m, namespace: echo}, percentage: 100}}}"
		frozen  = "{matchers: [{regex: '/a('}], redirectAction: {hostRedirect: a}}"
		frozen2 = ", {matchers: [{regex: '/b['}], redirectAction: {hostRedirect: a}}"
		good    = "{matchers: [{prefix: /good}], redirectAction: {hostRedirect: a}}, "
		bad     = ", {matchers: [{prefix: /echo/x}], redirectAction: {hostRedirect: b}}"
	)
	for _, x := range []struct {
		name, old, new string
		denied, warned int
	}{
		{"the same", table(dead), table(dead), 0, 1},
		{"a good route above an old fault", table(dead), table(good + dead), 0, 1},
		{"a good route above one that refers to others", table(refers), table(good + refers), 0, 2},
		{"another fault beside an old one", table(dead), table(dead + bad), 1, 1},
		{"an old fault stays, a new one comes", table(frozen), table(good + frozen + frozen2), 1, 1},
		{"an unknown key stays", typo("wieght"), typo("wieght"), 0, 1},
		{"another unknown key in its place", typo("wieght"), typo("weigth"), 1, 0},
	} {
		j := judgeOf(t, policy.DefaultConfig())
		r := judge.Request{Operation: judge.Update, Old: facts(t, []byte(x.old))[0], New: facts(t, []byte(x.new))[0]}
		store := inventory.NewStore()
		store.Put(facts(t, []byte(x.old))[0])
		store.Put(facts(t, []byte("{apiVersion: gloo.solo.io/v1, kind: Upstream, "+
			"metadata: {name: m, namespace: echo}, spec: {static: {}}}"))[0])
		found, err := j.Decide(t.Context(), r, store)
		if err == nil {
			found, err = j.Ratchet(t.Context(), r, found, store)
		}
		if err != nil {
			t.Fatal(err)
		}
		counts := map[policy.Mode]int{}
		for _, f := range found {
			counts[f.Mode]++
		}
		if counts[policy.ModeDeny] != x.denied || counts[policy.ModeWarn] != x.warned {
			t.Errorf("%s: must be %d denials and %d warnings: %v", x.name, x.denied, x.warned, found)
		}
	}
}
