package judge_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// bomb is a RouteTable of so many delegations that pick nobody.
func bomb(t *testing.T, namespace, name string, delegations int) *fact.Table {
	t.Helper()
	const one = "{matchers: [{prefix: /%s/%d}], delegateAction: {selector: {namespaces: ['*'], labels: {nobody: has}}}}"
	routes := make([]string, delegations)
	for i := range routes {
		routes[i] = fmt.Sprintf(one, name, i)
	}
	text := tableYAML("name: "+name+", namespace: "+namespace, strings.Join(routes, ", "))
	return facts(t, []byte(text))[0].(*fact.Table)
}

// called is the same table by another name.
func called(t *fact.Table, name string) *fact.Table {
	out := *t
	out.Name = name
	return &out
}

// The bounds of a namespace are those of all of its tables together; what is above them may change, and shrink.
func TestNamespaceSize(t *testing.T) {
	t.Parallel()
	const says = "namespace b has %d delegations in all tables, must have at most 5000"
	store, half := inventory.NewStore(), bomb(t, "b", "b", 500)
	for i := range 9 { // 4,500 in all
		store.Put(called(half, "b"+strconv.Itoa(i)))
	}
	store.Put(bomb(t, "a", "a0", 900))
	full := inventory.NewStore()
	for i := range 12 { // 6,000, which were there before the bounds
		full.Put(called(half, "b"+strconv.Itoa(i)))
	}
	plain := oneRoute(t, "b", 0, "prefix: /b").(*fact.Table)
	for name, c := range map[string]struct {
		reason   string
		store    *inventory.Store
		old, new *fact.Table
		says     string
		denied   bool
	}{
		"AsMany":   {"5,000 may be", store, nil, bomb(t, "b", "new", 500), "", false},
		"OneMore":  {"5,001 may not", store, nil, bomb(t, "b", "new", 501), fmt.Sprintf(says, 5001), true},
		"Grows":    {"by an update", store, called(half, "b1"), bomb(t, "b", "b1", 1000), "", false},
		"Beyond":   {"by an update", full, called(half, "b1"), bomb(t, "b", "b1", 501), fmt.Sprintf(says, 6001), true},
		"Stays":    {"it was above before", full, called(half, "b1"), called(half, "b1"), fmt.Sprintf(says, 6000), false},
		"Shrinks":  {"and still is above", full, called(half, "b1"), bomb(t, "b", "b1", 1), fmt.Sprintf(says, 5501), false},
		"Others":   {"what another namespace has is no matter", store, nil, bomb(t, "a", "new", 900), "", false},
		"Delegate": {"it has none itself", full, nil, plain, "", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := judge.Request{Operation: judge.Create, New: c.new}
			if c.old != nil {
				r.Operation, r.Old = judge.Update, c.old
			}
			found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, c.store)
			if err != nil {
				t.Fatal(err)
			}
			at := slices.IndexFunc(found, func(f policy.Finding) bool { return f.Rule == judge.SizeLimits })
			if (at >= 0) != (c.says != "") {
				t.Fatalf("%s: %v", c.reason, found)
			}
			if at >= 0 && (found[at].Message != c.says || (found[at].Mode == policy.ModeDeny) != c.denied) {
				t.Errorf("%s: %v", c.reason, found[at])
			}
		})
	}
}

// A Deployment is refused if the table that Aviary would write for it has too much for its namespace.
func TestPlannedSizeOfANamespace(t *testing.T) {
	t.Parallel()
	kinds := dialect.NewKinds(convention.DefaultLabelKeys(), gloo.Dialect{})
	config := policy.DefaultConfig()
	config.Defaults.APIGroup = "example"
	store := inventory.NewStore()
	var routes []string
	for k := range 1000 {
		routes = append(routes, fmt.Sprintf("{matchers: [{exact: /%d}], redirectAction: {hostRedirect: x}}", k))
	}
	one := factsOf(t, kinds, tableYAML("name: t, namespace: echo", strings.Join(routes, ", ")))[0].(*fact.Table)
	for i := range 50 { // 50,000 matchers in all
		store.Put(called(one, "t"+strconv.Itoa(i)))
	}
	const says = "namespace echo would have 50001 matchers in all tables (a regex counts as 20), must have at most 50000"
	for _, operation := range []judge.Operation{judge.Create, judge.Audit} {
		r := judge.Request{Operation: operation, New: workload(t, kinds, "v1", "primary", "aviary.dev/paths: /echo")}
		found, err := judgeWith(t, config, kinds).Decide(t.Context(), r, store)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.ContainsFunc(found, func(f policy.Finding) bool { return f.Message == says }) {
			t.Errorf("%s: got %v, want %q", operation, found, says)
		}
	}
}

// In a namespace that has too much, an app without a table has no part in it, in an audit either.
func TestAnAppWithoutATableHasNoPart(t *testing.T) {
	t.Parallel()
	kinds := dialect.NewKinds(convention.DefaultLabelKeys(), gloo.Dialect{})
	store := inventory.NewStore()
	labels := make([]string, 400)
	for i := range labels {
		labels[i] = fmt.Sprintf("l%d: %s", i, strings.Repeat("x", 60))
	}
	one := factsOf(t, kinds, tableYAML("name: t, namespace: echo, labels: {"+strings.Join(labels, ", ")+"}", ""))[0]
	for i := range 400 { // 58 MiB
		store.Put(called(one.(*fact.Table), "t"+strconv.Itoa(i)))
	}
	for role, part := range map[string]bool{"primary": true, "shadow": false} {
		w := workload(t, kinds, "v1", role, "aviary.dev/paths: /echo")
		found, err := judgeWith(t, policy.DefaultConfig(), kinds).Decide(
			t.Context(), judge.Request{Operation: judge.Audit, New: w}, store)
		if err != nil {
			t.Fatal(err)
		}
		told := slices.ContainsFunc(found, func(f policy.Finding) bool { return f.Rule == judge.SizeLimits })
		if told != part {
			t.Errorf("%s: told %t, want %t: %v", role, told, part, found)
		}
	}
}
