package glooworld_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/e2e/glooworld"
)

// TestGenerate looks whether generated worlds are of all kinds, and whether their probes reach much.
func TestGenerate(t *testing.T) {
	const worlds = 1000
	seen, answered := map[string]int{}, map[string]int{}
	for seed := range uint64(worlds) {
		objects := glooworld.Generate(seed)
		for kind := range kinds(t, objects) {
			seen[kind]++
		}
		for _, kind := range answers(t, seed, objects) {
			answered[kind]++
		}
	}
	t.Log(seen, answered)
	for kind, percent := range atLeast {
		if 100*seen[kind] < percent*worlds {
			t.Errorf("%d of %d worlds are %s, want %d %%", seen[kind], worlds, kind, percent)
		}
	}
	for _, kind := range rare {
		if seen[kind] < 3 {
			t.Errorf("%d of %d worlds are %s", seen[kind], worlds, kind)
		}
	}
	if answered["404"] < worlds || answered["first"] < worlds || answered["later"] < worlds {
		t.Errorf("the probes reach too little: %v", answered)
	}
}

// atLeast has kinds of worlds with the percentage that they must have.
var atLeast = map[string]int{
	"dropped": 30, "dropped-prefix": 5, "dropped-headers": 5, "dropped-query": 5, "dropped-methods": 5,
	"dropped-case": 5, "frozen": 5, "envoy-refused": 5, "several-domains": 5, "nested": 10, "unreached": 5,
	"subset": 5, "upstreamGroup": 5, "expressions": 5, `"ref":`: 5, "inheritableMatchers": 5,
	"inheritablePathMatchers": 5, "invertMatch": 5, "queryParameters": 5, "methods": 5, "caseSensitive": 5,
	"exact": 5, "regex": 5, `"weight":-`: 5,
}

var rare = []string{
	"frozen:cycle", "frozen:domain", "frozen:novhost", "frozen:delegate", "frozen:noaction", "frozen:regex",
	"envoy-refused:header-regex", "envoy-refused:query-regex", "envoy-refused:method-regex",
	"envoy-refused:redirect-regex", "envoy-refused:empty-multi", "envoy-refused:zero-weights",
	"envoy-refused:missing-group", "envoy-refused:status", "envoy-refused:header-name", "envoy-refused:no-path",
}

// kinds returns the kinds that a world has: from what the model makes of it, and from words in it.
func kinds(t *testing.T, objects []json.RawMessage) map[string]bool {
	t.Helper()
	model := translate(t, objects)
	out := map[string]bool{
		"frozen": len(model.Frozen()) > 0, "envoy-refused": len(model.Refusals) > 0,
		"unreached": len(model.UnreachedTables) > 0, "several-domains": len(model.VirtualHosts) > 1,
	}
	for _, d := range model.DroppedBy {
		out["dropped"], out["dropped-"+d.For] = true, true
	}
	for _, kind := range model.Refusals {
		out["envoy-refused:"+kind] = true
	}
	for _, h := range model.VirtualHosts {
		for _, kind := range h.Faults {
			out["frozen:"+kind] = true
		}
	}
	for _, o := range objects {
		text := string(o)
		for kind := range atLeast {
			out[kind] = out[kind] || strings.Contains(text, kind)
		}
		isTable := strings.Contains(text, `"kind":"RouteTable"`)
		out["nested"] = out["nested"] || isTable && strings.Contains(text, "delegateAction")
	}
	for kind, is := range out {
		if !is {
			delete(out, kind)
		}
	}
	return out
}

func translate(t *testing.T, objects []json.RawMessage) glooworld.Translation {
	t.Helper()
	world, err := glooworld.Read(objects)
	if err != nil {
		t.Fatal(err)
	}
	return world.Translate()
}

// answers returns for each probe whether no route, the first one or a later one of its host takes it.
func answers(t *testing.T, seed uint64, objects []json.RawMessage) (out []string) {
	t.Helper()
	probes, err := glooworld.Probes(seed, objects)
	if err != nil {
		t.Fatal(err)
	}
	model := translate(t, objects)
	for _, p := range probes {
		route, ok := model.Answer(p)
		first := slices.ContainsFunc(model.VirtualHosts, func(h glooworld.VirtualHost) bool {
			return len(h.Routes) > 0 && cmp.Equal(h.Routes[0], route)
		})
		switch {
		case !ok:
			out = append(out, "404")
		case first:
			out = append(out, "first")
		default:
			out = append(out, "later")
		}
	}
	return out
}

// TestSameForASeed generates twice.
func TestSameForASeed(t *testing.T) {
	for seed := range uint64(50) {
		first, second := glooworld.Generate(seed), glooworld.Generate(seed)
		if diff := cmp.Diff(first, second); diff != "" {
			t.Fatal(diff)
		}
		one, _ := glooworld.Probes(seed, first)
		if other, _ := glooworld.Probes(seed, second); !cmp.Equal(one, other) {
			t.Fatal("other probes for the same seed")
		}
	}
}
