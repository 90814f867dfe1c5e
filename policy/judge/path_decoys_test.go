package judge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestDecoys: a path is found to be another team's however many ways lead to it before that one, by the table that has
// it as by the one that leads to it.
func TestDecoys(t *testing.T) {
	t.Parallel()
	var decoys []string
	for i := range 400 {
		decoys = append(decoys, fmt.Sprintf(
			"{matchers: [{prefix: /z%d}], delegateAction: {ref: {name: taker, namespace: other}}}", i))
	}
	leads := func(last string) string {
		return strings.Join(decoys, ", ") +
			", {matchers: [{prefix: " + last + "}], delegateAction: {ref: {name: taker, namespace: other}}}"
	}
	all := facts(t, []byte(strings.Join([]string{
		rootYAML("name: public, namespace: gloo-system", "domains: ['*'], routes: [{matchers: [{prefix: /}], "+
			"delegateAction: {selector: {labels: {apiGroup: example}, namespaces: ['*']}}}]"),
		tableYAML("name: echo, namespace: echo, labels: {apiGroup: example}",
			"{matchers: [{prefix: /echo}], directResponseAction: {status: 200}}"),
		tableYAML("name: leads, namespace: other, labels: {apiGroup: example}", leads("/")),
		tableYAML("name: taker, namespace: other", "{matchers: [{prefix: /echo}], directResponseAction: {status: 200}}, "+
			"{matchers: [{prefix: /z1/x}], directResponseAction: {status: 200}}"),
		tableYAML("name: leads, namespace: other, labels: {apiGroup: example}", leads("/y")),
	}, "\n---\n")))
	store := inventory.NewStore()
	for _, f := range all[:4] {
		store.Put(f)
	}
	j := judgeOf(t, policy.DefaultConfig())
	taken := func(r judge.Request) bool {
		found, err := j.Decide(t.Context(), r, store)
		if err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(found, func(f policy.Finding) bool {
			return f.Rule == "path-owned" && f.Mode == policy.ModeDeny && strings.Contains(f.Message, "/echo")
		})
	}
	if !taken(judge.Request{Operation: judge.Create, New: all[3]}) {
		t.Error("the table that takes the path must be refused")
	}
	store.Put(all[4])
	if taken(judge.Request{Operation: judge.Create, New: all[3]}) {
		t.Error("the table gets no requests of that path, and must pass")
	}
	if !taken(judge.Request{Operation: judge.Update, Old: all[4], New: all[2]}) {
		t.Error("the table that hands the path down must be refused")
	}
}
