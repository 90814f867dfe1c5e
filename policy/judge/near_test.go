package judge_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// counted counts the tables that are found beneath a path; live, each is read from the API server.
type counted struct {
	*inventory.Store
	found int
}

func (c *counted) TablesUnder(
	ctx context.Context, u fact.Under, most int, keep func(*fact.Table) bool,
) ([]*fact.Table, error) {
	out, err := c.Store.TablesUnder(ctx, u, most, keep)
	c.found += len(out)
	return out, err
}

// teams are 150 under one root, each with a path of its own.
func teams(t *testing.T) *inventory.Store {
	t.Helper()
	store := inventory.NewStore()
	for _, f := range facts(t, []byte(platform)) {
		store.Put(f)
	}
	for i := range 150 {
		store.Put(oneRoute(t, fmt.Sprintf("team-%d", i), 0, fmt.Sprintf("prefix: /app-%d", i)))
	}
	return store
}

func oneRoute(t *testing.T, namespace string, weight int, matchers ...string) fact.Fact {
	t.Helper()
	return facts(t, fmt.Appendf(nil, `apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: routes, namespace: %s, labels: {apiGroup: example}}
spec: {weight: %d, routes: [{matchers: [{%s}], routeAction: {single: {upstream: {name: echo}}}}]}
`, namespace, weight, strings.Join(matchers, "}, {")))[0]
}

// TestMostNeighbours: a table that takes the requests of very many others is refused on account of some of them.
func TestMostNeighbours(t *testing.T) {
	t.Parallel()
	store := teams(t)
	for _, c := range []struct {
		weight int
		match  string
		found  int
	}{
		{-1, "prefix: /", 100},
		{0, "prefix: /", 0},
		{0, "prefix: /app, methods: [GET]", 100},
		{0, "exact: /index.html}, {prefix: /", 100},
		{1, "exact: /index.html}, {prefix: /", 0},
		{-1, "exact: /index.html}, {prefix: /", 100},
		{0, "prefix: /b}, {prefix: /app-14", 10},
		{0, "prefix: /app}, {prefix: /app-", 0}, // which comes after theirs, too
		{0, "regex: '/app-.*'", 100},
		{0, "regex: '/app-1[0-9]'", 10},
		{0, "prefix: /app-14, methods: [GET]", 10}, // /app-14 itself is found as the same path
	} {
		counted := &counted{Store: store}
		r := judge.Request{Operation: judge.Create, New: oneRoute(t, "echo", c.weight, c.match)}
		found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, counted)
		if err != nil {
			t.Fatal(err)
		}
		refused := 0
		for _, f := range found {
			if f.Mode == policy.ModeDeny && strings.Contains(f.Message, "team-") {
				refused++
			}
		}
		if counted.found != c.found || (refused > 0) != (c.found > 0) {
			t.Errorf("%s, weight %d: %d tables found, want %d; %d denials", c.match, c.weight, counted.found, c.found, refused)
		}
	}
}

// TestWarningsHideNoDenial: of many conflicts those that refuse are told first, whatever the others' names.
func TestWarningsHideNoDenial(t *testing.T) {
	t.Parallel()
	var matchers []string
	for i := range 120 {
		matchers = append(matchers, fmt.Sprintf("prefix: /app-%d/mine", i)) // beneath a team's, which is a warning
	}
	r := judge.Request{Operation: judge.Create, New: oneRoute(t, "echo", 0, append(matchers, "prefix: /app-99")...)}
	found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, teams(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range found {
		if f.Rule == "path-owned" && f.Mode == policy.ModeDeny && strings.Contains(f.Message, "path /app-99 is") {
			return
		}
	}
	t.Errorf("nothing refuses the path of another team: %d findings", len(found))
}

// TestMostCompared: a namespace with very many matchers at one path is told that not all of them are compared; what
// another namespace has there is found all the same.
func TestMostCompared(t *testing.T) {
	t.Parallel()
	table := func(name, path string, matchers int) fact.Fact {
		all := make([]string, matchers)
		for i := range all {
			all[i] = fmt.Sprintf("{%s, headers: [{name: x, value: %s-%d}]}", path, name, i)
		}
		return facts(t, []byte(tableYAML("name: "+name+", namespace: own, labels: {apiGroup: example}",
			"{matchers: ["+strings.Join(all, ", ")+"], directResponseAction: {status: 200}}")))[0]
	}
	for name, c := range map[string]struct {
		path      string
		others    int
		told      bool
		namespace string
		refused   bool
	}{
		"few":                     {"prefix: /own", 400, false, "own", false},
		"too many":                {"prefix: /own", 600, true, "own", false},
		"too many, and another's": {"prefix: /own", 600, true, "other", true},
		"many of another's":       {"prefix: /own", 0, false, "other", true},
		"too many expressions":    {"regex: /own.*", 2, true, "own", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := inventory.NewStore()
			for _, f := range facts(t, []byte(platform)) {
				store.Put(f)
			}
			mine := table("mine", c.path, 500)
			if store.Put(mine); c.others > 0 {
				store.Put(table("others", c.path, c.others))
			}
			store.Put(oneRoute(t, c.namespace, 0, "prefix: /own, headers: [{name: x, value: mine-7}]"))
			found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(),
				judge.Request{Operation: judge.Create, New: mine}, store)
			if err != nil {
				t.Fatal(err)
			}
			var told, refused bool
			for _, f := range found {
				told = told || strings.Contains(f.Message, "more matchers of its namespace than are compared")
				refused = refused || f.Rule == "path-owned" && f.Mode == policy.ModeDeny
			}
			if told != c.told || refused != c.refused {
				t.Errorf("told %t, refused %t: %v", told, refused, found)
			}
		})
	}
}
