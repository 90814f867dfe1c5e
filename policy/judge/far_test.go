package judge_test

import (
	"fmt"
	"slices"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestFarFaults: what keeps others' changes from going live is refused, too, where so many tables lead to it that they
// are not all followed. Where nothing leads to it, it is a warning.
func TestFarFaults(t *testing.T) {
	t.Parallel()
	const depth = 1010
	store := inventory.NewStore()
	put := func(text string) fact.Fact {
		f := facts(t, []byte(text))[0]
		store.Put(f)
		return f
	}
	put(rootYAML("name: root, namespace: edge", "domains: ['*'], routes: [{matchers: [{prefix: /}], "+
		"delegateAction: {ref: {name: t0, namespace: a}}}]"))
	for i := range depth {
		put(tableYAML(fmt.Sprintf("name: t%d, namespace: a", i), fmt.Sprintf(
			"{matchers: [{prefix: /}], delegateAction: {ref: {name: t%d, namespace: a}}}", i+1)))
	}
	const fault = "{matchers: [{prefix: /}], directResponseAction: {status: 999}}"
	for name, want := range map[string]policy.Mode{fmt.Sprintf("t%d", depth): policy.ModeDeny, "x": policy.ModeWarn} {
		f := put(tableYAML("name: "+name+", namespace: a", fault))
		request := judge.Request{Operation: judge.Create, New: f}
		found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), request, store)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(found, func(f policy.Finding) bool { return f.Rule == "freezes-others" && f.Mode == want }) {
			t.Errorf("%s, want %s of freezes-others: %v", name, want, found)
		}
	}
}

// TestFarCutOff: a parent may go where more leads to a live table than is followed; that nobody else does is not known.
func TestFarCutOff(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		depth int
		root  bool
		want  string
	}{
		"a chain that is not followed to its end": {1010, true, "warn"},
		"a chain that is":                         {3, true, ""},
		"a chain that nobody leads to":            {3, false, "deny"},
	} {
		objects := []string{leads("name: public", "'*'"), echoWorkload, liveTable()}
		if c.root {
			objects = append(objects, rootYAML("name: chain, namespace: edge",
				"domains: ['*'], routes: [{matchers: [{prefix: /}], delegateAction: {ref: {name: t0, namespace: a}}}]"))
		}
		for i := range c.depth {
			to := fmt.Sprintf("{matchers: [{prefix: /}], delegateAction: {ref: {name: t%d, namespace: a}}}", i+1)
			if i == c.depth-1 {
				to = toEcho
			}
			objects = append(objects, tableYAML(fmt.Sprintf("name: t%d, namespace: a", i), to))
		}
		store, all := worldOf(t, objects...)
		if got := finds(t, "routes-kept", judge.Request{Operation: judge.Delete, Old: all[0]}, store); got != c.want {
			t.Errorf("beside %s: %q, want %q", name, got, c.want)
		}
	}
}
