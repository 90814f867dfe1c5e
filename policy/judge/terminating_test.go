package judge_test

import (
	"slices"
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// TestParentsThatGo: requests come by way of what is being deleted until it is gone. So a change of what it leads to is
// judged, also where what gets requests by it is going, and so is that again.
func TestParentsThatGo(t *testing.T) {
	t.Parallel()
	const (
		leads = "{matchers: [{prefix: /}], delegateAction: {ref: {name: %, namespace: %}}}"
		at    = "{matchers: [{prefix: %}], directResponseAction: {status: 200}}"
		going = ", finalizers: [example.com/hold], deletionTimestamp: '2026-01-01T00:00:00Z'"
	)
	fill := func(text string, with ...string) string {
		for _, w := range with {
			text = strings.Replace(text, "%", w, 1)
		}
		return text
	}
	one := func(yaml string) fact.Fact { return facts(t, []byte(yaml))[0] }
	root := one(rootYAML("name: public, namespace: gloo-system", "domains: ['*'], routes: ["+
		fill(leads, "echo", "echo")+", "+fill(leads, "between", "thief")+"]"))
	victim := one(tableYAML("name: echo, namespace: echo", fill(at, "/echo")))
	for parent, parentGoes := range map[string]string{"a living parent": "", "a parent that goes": going} {
		for child, childGoes := range map[string]string{"a living table": "", "a table that goes": going} {
			taker := one(tableYAML("name: taker, namespace: thief"+childGoes, fill(at, "/echo")))
			harmless := one(tableYAML("name: harmless, namespace: thief"+childGoes, fill(at, "/thief")))
			between := func(to string) fact.Fact {
				return one(tableYAML("name: between, namespace: thief"+parentGoes, fill(leads, to, "thief")))
			}
			old := between("nobody")
			store := inventory.NewStore()
			for _, f := range []fact.Fact{root, victim, taker, harmless, old} {
				store.Put(f)
			}
			j := judgeOf(t, policy.DefaultConfig())
			for to, want := range map[string]bool{"taker": true, "harmless": false} {
				now := between(to)
				found, err := j.Decide(t.Context(), judge.Request{Operation: judge.Update, Old: old, New: now}, store)
				if err != nil {
					t.Fatal(err)
				}
				refused := slices.ContainsFunc(found, func(f policy.Finding) bool {
					return f.Rule == "path-owned" && f.Mode == policy.ModeDeny
				})
				if refused != want {
					t.Errorf("%s is led to %s %s: refused %t, want %t", child, to, parent, refused, want)
				}
				ids, err := j.Affected(t.Context(), changed(old, now), store)
				if err != nil {
					t.Fatal(err)
				}
				if !slices.ContainsFunc(ids, func(id route.ID) bool { return id.Name == to }) {
					t.Errorf("%s is led to %s %s, and not judged again: %v", child, to, parent, ids)
				}
			}
		}
	}
}
