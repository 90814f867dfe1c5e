package gloo

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
)

// web makes tables of lines "name: to, to /path", a root of one that is called root.
func web(t *testing.T, lines ...string) (*parents, map[string]*fact.Table) {
	t.Helper()
	by := map[string]*fact.Table{}
	var all []*fact.Table
	for _, line := range lines {
		name, to, _ := strings.Cut(line, ": ")
		var routes []string
		for to := range strings.SplitSeq(to, ", ") {
			to, path, _ := strings.Cut(to, " ")
			routes = append(routes, fmt.Sprintf(
				"{matchers: [{prefix: '/%s'}], delegateAction: {ref: {name: %s, namespace: echo}}}", path, to))
		}
		meta, list := "metadata: {namespace: echo, name: "+name+"}\n", "routes: ["+strings.Join(routes, ", ")+"]"
		if strings.HasPrefix(name, "root") {
			by[name] = readVirtualService(decode[VirtualService](t, meta+"spec: {virtualHost: {"+list+"}}"))
		} else {
			by[name] = readRouteTable(decode[RouteTable](t, meta+"spec: {"+list+"}"))
		}
		all = append(all, by[name])
	}
	return newParents(all, nil), by
}

func TestRing(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		lines   []string
		of      string
		want    string
		reached bool
	}{
		"Itself":       {[]string{"root: a", "a: a"}, "a", "a", true},
		"Two":          {[]string{"root: a", "a: b", "b: a"}, "a", "a b", true},
		"TheOther":     {[]string{"root: a", "a: b", "b: a"}, "b", "b a", true},
		"Behind":       {[]string{"root: a", "a: b", "b: c", "c: b"}, "a", "", true},
		"Shortest":     {[]string{"root: a", "a: b, c", "b: d", "d: a", "c: a"}, "a", "a c", true},
		"Diamond":      {[]string{"root: a", "a: b, c", "b: d", "c: d"}, "a", "", true},
		"NoRoot":       {[]string{"a: b", "b: a"}, "a", "a b", true},
		"NotReached":   {[]string{"root: x", "a: b", "b: a"}, "a", "a b", false},
		"Dropped":      {[]string{"root: a", "a: b a", "b: a b"}, "a", "", true},
		"DroppedAbove": {[]string{"root: a x", "a: a"}, "a", "", false},
		"Longer":       {[]string{"root: a", "a: b x", "b: a x/y"}, "a", "a b", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, by := web(t, tc.lines...)
			ring, reached := p.Ring(by[tc.of])
			var got []string
			for _, id := range ring {
				got = append(got, id.Name)
			}
			if diff := cmp.Diff(tc.want, strings.Join(got, " ")); diff != "" {
				t.Errorf("Ring(): -want +got\n%s", diff)
			}
			if reached != tc.reached && (len(ring) > 0) {
				t.Errorf("reached = %t, want %t", reached, tc.reached)
			}
		})
	}
}

// TestRingIsBounded: however many tables lead to however many, a look at one has an end, and soon: else it is hours.
func TestRingIsBounded(t *testing.T) {
	t.Parallel()
	const tables, routes = 500, 600
	routesOf := make([]string, routes)
	for i := range routesOf {
		routesOf[i] = fmt.Sprintf("{delegateAction: {selector: {labels: {a: x%d}, namespaces: ['*']}}}", i)
	}
	first := readRouteTable(decode[RouteTable](t, "spec: {routes: ["+strings.Join(routesOf, ", ")+"]}"))
	var all []*fact.Table
	for i := range tables {
		table := *first
		table.Name, table.Labels = fmt.Sprintf("t%d", i), map[string]string{"a": fmt.Sprintf("x%d", i)}
		all = append(all, &table)
	}
	start := time.Now()
	if ring, _ := newParents(all, nil).Ring(first); len(ring) > 0 {
		t.Errorf("a ring: %v", ring)
	}
	if took := time.Since(start); took > time.Minute {
		t.Errorf("took %s", took)
	}
}
