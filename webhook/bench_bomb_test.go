package webhook_test

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
)

// BenchmarkBomb measures an update of a table beside 1,000 others, with and without 520 tables of one tenant that
// delegate 600 times each, to nobody. The table is one that the root selects, or one that
// nobody does; the third is an update of the root.
func BenchmarkBomb(b *testing.B) {
	selected := neighbour("", `"prefix":"/app-7/%d"`, `"prefix":"/app-7-%d"`)
	unselected := bytes.Replace(selected, []byte(`"apiGroup"`), []byte(`"other"`), 1)
	parent := root(0, `{"matchers":[{"prefix":"/x"}],"redirectAction":{"hostRedirect":"x"}}`)
	for _, bombed := range []bool{false, true} {
		store := crowd(b, 1000, 0)
		if bombed {
			explode(b, store)
		}
		for _, c := range []struct {
			name string
			body []byte
		}{
			{"selected", review(b, "routetables", "gateway.solo.io", "RouteTable", "UPDATE", selected, selected)},
			{"unselected", review(b, "routetables", "gateway.solo.io", "RouteTable", "UPDATE", unselected, unselected)},
			{"root", review(b, "virtualservices", "gateway.solo.io", "VirtualService", "UPDATE", parent, root(0))},
		} {
			b.Run(fmt.Sprintf("%s/bomb=%t", c.name, bombed), func(b *testing.B) { admit(b, store, c.body) })
		}
	}
}

// explode adds the tables, each of which is kept by itself.
func explode(b *testing.B, store *inventory.Store) {
	b.Helper()
	const one = `{"matchers":[{"prefix":"/b/%d/%d"}],` +
		`"delegateAction":{"selector":{"namespaces":["*"],"labels":{"nobody":"has"}}}}`
	for n := range 520 {
		routes := make([]string, 600)
		for i := range routes {
			routes[i] = fmt.Sprintf(one, n, i)
		}
		f, err := glootest.Kinds().Decode(tableKind, fmt.Appendf(nil, `{"metadata":{"name":"bomb%d","namespace":"b",
"labels":{"apiGroup":"example"}},"spec":{"routes":[%s]}}`, n, strings.Join(routes, ",")))
		if err != nil {
			b.Fatal(err)
		}
		store.Put(f)
	}
}

// BenchmarkBombInMemory tells what is kept of one delegation of such a table.
func BenchmarkBombInMemory(b *testing.B) {
	kept := make([]fact.Fact, 0, b.N)
	const one = `{"matchers":[{"prefix":"/b/%d"}],` +
		`"delegateAction":{"selector":{"namespaces":["*"],"labels":{"nobody":"has"}}}}`
	routes := make([]string, 600)
	for i := range routes {
		routes[i] = fmt.Sprintf(one, i)
	}
	text := []byte(`{"metadata":{"name":"t","namespace":"b"},"spec":{"routes":[` + strings.Join(routes, ",") + `]}}`)
	before := live()
	for range b.N {
		f, err := glootest.Kinds().Decode(tableKind, text)
		if err != nil {
			b.Fatal(err)
		}
		kept = append(kept, f)
	}
	b.ReportMetric(float64(live()-before)/float64(len(kept)*len(routes)), "bytes/delegation")
	runtime.KeepAlive(kept)
}

func live() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}
