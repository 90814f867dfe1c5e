package stories

import (
	"encoding/json"
	"fmt"
	"maps"
	"strings"
)

// input is a malformed or malicious object.
type input struct {
	what string
	kind string // Deployment or RouteTable
	json string
}

// invalidAnnotations are keys and values that must be refused, without the prefix aviary.dev/.
var invalidAnnotations = []struct{ key, value string }{
	{"app", "Echo!"},
	{"app", "kube-system/echo"},
	{"app", "../kube-system"},
	{"version", "v 2"},
	{"version", strings.Repeat("v", 64)},
	{"api-group", "-example"},
	{"role", "chief"},
	{"weight", "101"},
	{"weight", "-1"},
	{"weight", "1e1"},
	{"weight", "4294967296"},
	{"headers", "=canary"},
	{"headers", "stage=canary\r\nevil: yes"},
	{"paths", "echo"},
	{"paths", "~("},
	{"paths", "~" + strings.Repeat("(a+)+", 200)},
	{"port", "0"},
	{"port", "65536"},
	{"target-port", "a b"},
	{"ungated", "maybe"},
	{"use", "everything"},
	{"use", "service=kube-system/echo"},
	{"retire", "maybe"},
	{"override", "weights-sum"},
	{"promoted-at", "yesterday"},
	{"weight-raised-at", "0"},
	{"overridden-at", "{}"},
	{"wieght", "10"},
	{"App", "echo"},
	{"role ", "primary"},
	{"", "echo"},
}

// inputs returns the objects. Each is sent through the API server and directly to the webhook.
func (s *story) inputs() (out []input) {
	for _, w := range invalidAnnotations {
		out = append(out, input{fmt.Sprintf("`aviary.dev/%s: %s`", w.key, shorten(w.value)), "Deployment", s.deployment(map[string]string{"aviary.dev/" + w.key: w.value})})
	}
	out = append(out,
		input{"a key of another case, `Aviary.dev/app`", "Deployment", strings.ReplaceAll(s.deployment(nil), "aviary.dev/", "Aviary.dev/")},
		input{"an annotation of 1 MiB", "Deployment", s.deployment(map[string]string{"aviary.dev/paths": "/" + strings.Repeat("a", 1<<20)})},
		input{"an annotation of 200 KiB", "Deployment", s.deployment(map[string]string{"aviary.dev/paths": "/" + strings.Repeat("a", 200<<10)})},
		input{"10,000 paths", "Deployment", s.deployment(map[string]string{"aviary.dev/paths": strings.TrimSuffix(strings.Repeat("/a,", 10000), ",")})},
		input{"an annotation that is a number", "Deployment", replace(s.deployment(nil), `"aviary.dev/role":"primary"`, `"aviary.dev/role":1`)},
		input{"an annotation that is null", "Deployment", replace(s.deployment(nil), `"aviary.dev/role":"primary"`, `"aviary.dev/role":null`)},
		input{"annotations that are a list", "Deployment", fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"x","namespace":%q,"annotations":["aviary.dev/app"]}}`, s.namespace)},
		input{"the namespace of somebody else", "Deployment", replace(s.deployment(nil), `"namespace":"`+s.namespace+`"`, `"namespace":"kube-public"`)},
		input{"duplicate keys in a Deployment", "Deployment", replace(s.deployment(nil), `"aviary.dev/role":"primary"`, `"aviary.dev/role":"canary","aviary.dev/role":"primary"`)},
		input{"a Deployment that is `{}`", "Deployment", `{}`},
		input{"a Deployment that is `null`", "Deployment", `null`},
		input{"a Deployment nested 100,000 deep", "Deployment", replace(s.deployment(nil), `"replicas":1`, `"replicas":`+strings.Repeat("[", 100000)+strings.Repeat("]", 100000))},
		input{"a Deployment that ends in the middle", "Deployment", s.deployment(nil)[:100]},
		input{"1,000 destinations that sum to 1,000", "RouteTable", s.routes(1000, "1")},
		input{"5,000 destinations", "RouteTable", s.routes(5000, "1")},
		input{"`weight: \"50\"`", "RouteTable", s.routes(2, `"50"`)},
		input{"`weight: null`", "RouteTable", s.routes(2, `null`)},
		input{"`weight: -50`", "RouteTable", s.routes(2, `-50`)},
		input{"`weight: 4294967295`", "RouteTable", s.routes(2, `4294967295`)},
		input{"`weight: 4294967296`", "RouteTable", s.routes(2, `4294967296`)},
		input{"`weight: 2147483698`, twice", "RouteTable", s.routes(2, `2147483698`)},
		input{"`weight: 50.5`", "RouteTable", s.routes(2, `50.5`)},
		input{"`weight: 5e1`", "RouteTable", s.routes(2, `5e1`)},
		input{"`weight: {}`", "RouteTable", s.routes(2, `{}`)},
		input{"duplicate weights", "RouteTable", s.routes(2, `50,"weight":40`)},
		input{"`routes: {}`", "RouteTable", fmt.Sprintf(`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":"x","namespace":%q},"spec":{"routes":{}}}`, s.namespace)},
		input{"a route nested 100,000 deep", "RouteTable", fmt.Sprintf(`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":"x","namespace":%q},"spec":{"routes":[{"options":%s1%s}]}}`,
			s.namespace, strings.Repeat(`{"a":`, 100000), strings.Repeat("}", 100000))},
	)
	return out
}

// shorten returns a value as the page shows it.
func shorten(value string) string {
	text, _ := json.Marshal(value)
	if len(text) > 30 {
		return fmt.Sprintf("%s…\" (%d bytes)", text[:12], len(value))
	}
	return string(text)
}

// deployment returns a valid Deployment, but for the given annotations.
func (s *story) deployment(annotations map[string]string) string {
	all := map[string]string{"aviary.dev/app": "hostile", "aviary.dev/role": "primary", "aviary.dev/api-group": "example", "aviary.dev/target-port": "80"}
	stamp := "aviary.dev/promoted-at" // as /mutate would set it
	if annotations["aviary.dev/weight"]+annotations["aviary.dev/headers"] != "" {
		all["aviary.dev/role"], stamp = "canary", "aviary.dev/weight-raised-at"
	}
	all[stamp] = "2026-01-02T03:04:05.000Z"
	maps.Copy(all, annotations)
	labels := map[string]string{"app": "hostile", "version": "v1"}
	if version, ok := annotations["aviary.dev/version"]; ok {
		labels["version"] = version
	}
	text, err := json.Marshal(map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": map[string]any{"name": "hostile-v1", "namespace": s.namespace, "annotations": all},
		"spec": map[string]any{
			"replicas": 1, "selector": map[string]any{"matchLabels": map[string]string{"app": "hostile"}},
			"template": map[string]any{
				"metadata": map[string]any{"labels": labels},
				"spec":     map[string]any{"containers": []any{map[string]any{"name": "x", "image": "none", "ports": []any{map[string]any{"containerPort": 80}}}}},
			},
		},
	})
	s.must(err)
	return string(text)
}

// routes returns the JSON of a RouteTable with one route to n versions of the same weight.
func (s *story) routes(n int, weight string) string {
	var to []string
	for i := range n {
		to = append(to, fmt.Sprintf(`{"destination":{"upstream":{"name":"hostile","namespace":%q},"subset":{"values":{"version":"v%d"}}},"weight":%s}`, s.namespace, i+1, weight))
	}
	return fmt.Sprintf(`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":"hostile","namespace":%q,"labels":{"apiGroup":"example"}},"spec":{"routes":[{"matchers":[{"prefix":"/hostile"}],"routeAction":{"multi":{"destinations":[%s]}}}]}}`,
		s.namespace, strings.Join(to, ","))
}
