package input_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"reflect"
	"sync"
	"testing"

	"github.com/open-policy-agent/opa/v1/ast"
	"sigs.k8s.io/yaml"

	"aviary.dev/policy/input"
)

// TestValueIsTheJSON: rules see what JSON would have, of documents filled by chance.
func TestValueIsTheJSON(t *testing.T) {
	t.Parallel()
	random := rand.New(rand.NewPCG(1, 2))
	for range 300 {
		var doc input.Document
		fill(random, reflect.ValueOf(&doc).Elem())
		text, err := json.Marshal(doc)
		if err != nil {
			t.Fatal(err)
		}
		var plain any
		if err := json.Unmarshal(text, &plain); err != nil {
			t.Fatal(err)
		}
		want, err := ast.InterfaceToValue(plain)
		if err != nil {
			t.Fatal(err)
		}
		if got := doc.Value(); got.Compare(want) != 0 || got.Hash() != want.Hash() {
			t.Fatalf("got %s\nwant %s", got, want)
		}
	}
}

// fill gives a value contents, or none. A slice without omitempty is never nil, which JSON would
// write as null.
func fill(random *rand.Rand, v reflect.Value) {
	if n, ok := reflect.TypeAssert[*input.Int](v.Addr()); ok {
		*n = input.Int{}
		if random.IntN(2) == 0 {
			*n = input.Some(random.IntN(300) - 100)
		}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString([]string{"", "a", "echo", "spec.routes[0]"}[random.IntN(4)])
	case reflect.Bool:
		v.SetBool(random.IntN(2) == 0)
	case reflect.Int:
		v.SetInt(int64(random.IntN(3)))
	case reflect.Pointer:
		if random.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			fill(random, v.Elem())
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), random.IntN(3), 3))
		for i := range v.Len() {
			fill(random, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for i := range random.IntN(3) {
			v.SetMapIndex(reflect.ValueOf(fmt.Sprint(i)), reflect.ValueOf("x"))
		}
	case reflect.Struct:
		for _, field := range v.Fields() {
			fill(random, field)
		}
	default:
		panic(v.Kind())
	}
}

func TestValueOfNil(t *testing.T) {
	t.Parallel()
	doc := input.Document{Author: &input.Author{Lacks: new([]string)}, App: &input.App{}}
	for ref, want := range map[string]string{"author.lacks": "[]", "app.canaries": "[]", "app.weightSum": "0"} {
		got, err := doc.Value().Find(ast.MustParseRef("input." + ref)[1:])
		if err != nil || got.String() != want {
			t.Errorf("%s: got %v, %v, want %s", ref, got, err, want)
		}
	}
	for _, ref := range []string{"routes", "labels", "change", "settled", "user"} {
		if got, err := doc.Value().Find(ast.MustParseRef("input." + ref)[1:]); err == nil {
			t.Errorf("%s: got %v of what is absent", ref, got)
		}
	}
}

// TestSharedTargets: what several destinations share, each has, in every document.
func TestSharedTargets(t *testing.T) {
	t.Parallel()
	var group sync.WaitGroup
	for n := range 4 {
		group.Go(func() {
			target := &input.Target{Label: fmt.Sprint("v", n), Subset: map[string]string{"version": "v1"}}
			route := input.Route{Destinations: []input.Destination{
				{Field: "a", Target: target},
				{Field: "b", Target: &input.Target{Label: "other"}},
				{Field: "c", Target: target},
			}}
			shared := input.Document{Routes: &[]input.Route{route, route}}
			single := input.Document{Routes: &[]input.Route{route, route}}
			for i := range *single.Routes {
				r := &(*single.Routes)[i]
				r.Destinations = append([]input.Destination(nil), r.Destinations...)
				for j := range r.Destinations {
					own := *r.Destinations[j].Target
					r.Destinations[j].Target = &own
				}
			}
			for range 50 {
				if got, want := shared.Value(), single.Value(); got.Compare(want) != 0 {
					t.Errorf("got %s\nwant %s", got, want)
				}
			}
		})
	}
	group.Wait()
}

// TestExampleIsWhole: the example has every key, and no other.
func TestExampleIsWhole(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../testdata/input.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var doc input.Document
	if err := yaml.UnmarshalStrict(text, &doc); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	walk(reflect.ValueOf(doc), seen)
	for key, is := range seen {
		if !is {
			t.Errorf("testdata/input.yaml has no %s", key)
		}
	}
}

// walk notes for each field of the structs whether a value has it. That of a bool or number counts
// as it is.
func walk(v reflect.Value, seen map[string]bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			walk(v.Elem(), seen)
		}
	case reflect.Slice:
		for i := range v.Len() {
			walk(v.Index(i), seen)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			name := v.Type().Name() + "." + v.Type().Field(i).Name
			f := v.Field(i)
			plain := f.Kind() == reflect.Bool || f.Kind() == reflect.Int
			seen[name] = seen[name] || plain || !f.IsZero()
			walk(f, seen)
		}
	}
}

// BenchmarkValue is the cost of a document of ten routes, whose destinations share two targets.
func BenchmarkValue(b *testing.B) {
	var routes []input.Route
	targets := []*input.Target{{Label: "v1"}, {Label: "v2"}}
	for _, target := range targets {
		target.Subset = map[string]string{"version": target.Label}
		target.Backend = &input.Backend{Kind: "Upstream", Noun: "upstream", Namespace: "echo", Name: "echo"}
	}
	for i := range 10 {
		field := fmt.Sprintf("spec.routes[%d]", i)
		routes = append(routes, input.Route{Field: field, Destinations: []input.Destination{
			{Field: field, Target: targets[0]}, {Field: field, Target: targets[1]},
		}})
	}
	doc := input.Document{Operation: "UPDATE", Kind: "RouteTable", Namespace: "echo", Name: "echo", Routes: &routes}
	b.ReportAllocs()
	for b.Loop() {
		doc.Value()
	}
}
