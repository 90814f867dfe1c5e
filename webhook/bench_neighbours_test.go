package webhook_test

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/webhook"
)

// BenchmarkNeighbours measures an update of a table of ten routes beside 1,000 and beside 10,000 others under the same
// root, which hands requests on to all of them itself, or by way of 100 tables in between. What it costs must not grow
// with them, whatever the routes are that one team writes.
func BenchmarkNeighbours(b *testing.B) {
	const header = `,"headers":[{"name":"x","value":"y"}]`
	for _, branches := range []int{0, 100} {
		stores := map[int]*inventory.Store{1000: crowd(b, 1000, branches), 10_000: crowd(b, 10_000, branches)}
		for _, c := range []struct {
			name, spec, even, odd string // matchers have the number of a path in them
		}{
			{name: "as-written", even: `"prefix":"/app-7/%d"` + header, odd: `"prefix":"/app-7/%d"`},
			// Sorting makes a difference, so it is looked at whether Gloo sorts.
			{name: "sorted", even: `"prefix":"/app-7/%d"`, odd: `"prefix":"/app-7/%d/longer"`},
			{name: "methods", even: `"prefix":"/app-7-%d","methods":["PUT"]`, odd: `"prefix":"/app-7-%d"`},
			{name: "regex", even: `"regex":"/app-7-%d[a-z]+"`, odd: `"prefix":"/app-7-%d"`},
			{name: "weight", spec: `"weight":-1,`, even: `"prefix":"/app-7-%d"` + header, odd: `"prefix":"/app-7-%d"`},
			{name: "catch-all", even: `"prefix":"/app-7-%d"`, odd: `"prefix":"/","headers":[{"name":"x","value":"%d"}]`},
		} {
			table := neighbour(c.spec, c.even, c.odd)
			body := review(b, "routetables", "gateway.solo.io", "RouteTable", "UPDATE", table, table)
			for _, n := range []int{1000, 10_000} {
				b.Run(fmt.Sprintf("%s/branches=%d/tables=%d", c.name, branches, n), func(b *testing.B) {
					admit(b, stores[n], body)
				})
			}
		}
	}
}

// BenchmarkParent measures a change of the root, with 10 and with 100 tables between it and 5,000. Each of these is
// looked at, once.
func BenchmarkParent(b *testing.B) {
	for _, branches := range []int{10, 100} {
		b.Run(fmt.Sprintf("branches=%d", branches), func(b *testing.B) {
			store := crowd(b, 5000, branches)
			more := root(branches, `{"matchers":[{"prefix":"/x"}],"delegateAction":{"ref":{"name":"x","namespace":"x"}}}`)
			admit(b, store, review(b, "virtualservices", "gateway.solo.io", "VirtualService", "UPDATE", more, root(branches)))
		})
	}
}

// BenchmarkTeams measures an update of a table beside 100 and beside 10,000 roots, each of which leads to the tables of
// a namespace of its own. What others have must cost nothing.
func BenchmarkTeams(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprintf("roots=%d", n), func(b *testing.B) {
			store, kinds := inventory.NewStore(), glootest.Kinds()
			for i := range n {
				own := bytes.Replace(root(0), []byte(`"gloo-system"`), fmt.Appendf(nil, `"ns-%d"`, i), 1)
				f, err := kinds.Decode(rootKind, bytes.Replace(own, []byte(`["*"]`), fmt.Appendf(nil, `["ns-%d"]`, i), 1))
				if err != nil {
					b.Fatal(err)
				}
				store.Put(f)
			}
			table := neighbour("", `"prefix":"/app-7/%d"`, `"prefix":"/app-7-%d"`)
			admit(b, store, review(b, "routetables", "gateway.solo.io", "RouteTable", "UPDATE", table, table))
		})
	}
}

// admit measures how long a request takes from bytes to bytes, every rule on.
func admit(b *testing.B, store *inventory.Store, body []byte) {
	b.Helper()
	engine, err := policy.New(b.Context(), policy.DefaultConfig())
	if err != nil {
		b.Fatal(err)
	}
	kinds := glootest.Kinds()
	j := judge.New(engine, policy.DefaultConfig().Settings(kinds.Keys()), kinds)
	h := webhook.Reviews(&webhook.Validate{
		Judge: func() *judge.Judge { return j }, Facts: store,
		Live: inventorytest.Cluster(fake.NewClientBuilder().WithScheme(kinds.Scheme()).Build()),
	})
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		h.ServeHTTP(w, r)
		if !bytes.Contains(w.Body.Bytes(), []byte(`"allowed":true`)) {
			b.Fatal(w.Body.String())
		}
	}
}

// neighbour is a table of ten routes, every other one with one of two matchers.
func neighbour(spec, even, odd string) []byte {
	var routes []string
	for i := range 10 {
		matcher := odd
		if i%2 == 0 {
			matcher = even
		}
		routes = append(routes, `{"matchers":[{`+fmt.Sprintf(matcher, i/2)+
			`}],"routeAction":{"single":{"upstream":{"name":"app-`+strconv.Itoa(i%2)+`"}}}}`)
	}
	return []byte(`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable",` +
		`"metadata":{"name":"hand-made","namespace":"ns-7",` + inBranch(7) + `,"uid":"t"},` +
		`"spec":{` + spec + `"routes":[` + strings.Join(routes, ",") + `]}}`)
}

// crowd is a store with tables of two routes, a team each: all of them under one root, or under tables in between.
func crowd(b *testing.B, tables, branches int) *inventory.Store {
	b.Helper()
	store, kinds := inventory.NewStore(), glootest.Kinds()
	put := func(object []byte) {
		kind := tableKind
		if bytes.Contains(object, []byte(rootKind.Kind)) {
			kind = rootKind
		}
		f, err := kinds.Decode(kind, object)
		if err != nil {
			b.Fatal(err)
		}
		store.Put(f)
	}
	put(root(branches))
	for i := range branches {
		var own []string
		for k := i; k < maxBranches; k += branches {
			own = append(own, delegate(fmt.Sprintf(`{"branch":"%d"}`, k)))
		}
		put(fmt.Appendf(nil, `{"metadata":{"name":"branch-%[1]d","namespace":"gloo-system","labels":{"is":"branch-%[1]d"}},
"spec":{"routes":[%[2]s]}}`, i, strings.Join(own, ",")))
	}
	for i := range tables {
		put(bytes.Replace(handMade(i, 2), []byte(`"labels":{"apiGroup":"example"}`), []byte(inBranch(i)), 1))
	}
	return store
}

// root hands requests on to all tables, or to those in between, and has these routes, too.
func root(branches int, more ...string) []byte {
	var routes []string
	for i := range branches {
		routes = append(routes, delegate(fmt.Sprintf(`{"is":"branch-%d"}`, i)))
	}
	if branches == 0 {
		routes = append(routes, delegate(`{"apiGroup":"example"}`))
	}
	return []byte(`{"apiVersion":"gateway.solo.io/v1","kind":"VirtualService",` +
		`"metadata":{"name":"public","namespace":"gloo-system"},` +
		`"spec":{"virtualHost":{"routes":[` + strings.Join(append(routes, more...), ",") + `]}}}`)
}

func delegate(labels string) string {
	return `{"matchers":[{"prefix":"/"}],"delegateAction":{"selector":{"labels":` + labels + `,"namespaces":["*"]}}}`
}

// maxBranches are how many values the label has by which the tables in between pick.
const maxBranches = 100

func inBranch(app int) string {
	return fmt.Sprintf(`"labels":{"apiGroup":"example","branch":"%d"}`, app%maxBranches)
}
