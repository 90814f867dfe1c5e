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
func (s *story) inputs() []input { return append(s.deploymentInputs(), s.tableInputs()...) }

// deploymentInputs returns the Deployments.
func (s *story) deploymentInputs() (out []input) {
	add := func(what, json string) { out = append(out, input{what, "Deployment", json}) }
	with := func(key, value string) string { return s.deployment(map[string]string{"aviary.dev/" + key: value}) }
	for _, a := range invalidAnnotations {
		add(fmt.Sprintf("`aviary.dev/%s: %s`", a.key, shorten(a.value)), with(a.key, a.value))
	}
	good := s.deployment(nil)
	const role = `"aviary.dev/role":"primary"`
	add("a key of another case, `Aviary.dev/app`", strings.ReplaceAll(good, "aviary.dev/", "Aviary.dev/"))
	add("an annotation of 1 MiB", with("paths", "/"+strings.Repeat("a", 1<<20)))
	add("an annotation of 200 KiB", with("paths", "/"+strings.Repeat("a", 200<<10)))
	add("10,000 paths", with("paths", strings.TrimSuffix(strings.Repeat("/a,", 10000), ",")))
	add("an annotation that is a number", replace(good, role, `"aviary.dev/role":1`))
	add("an annotation that is null", replace(good, role, `"aviary.dev/role":null`))
	add("annotations that are a list", fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"Deployment",`+
		`"metadata":{"name":"x","namespace":%q,"annotations":["aviary.dev/app"]}}`, s.namespace))
	add("the namespace of somebody else", replace(good, `"namespace":"`+s.namespace+`"`, `"namespace":"kube-public"`))
	add("duplicate keys in a Deployment", replace(good, role, `"aviary.dev/role":"canary",`+role))
	add("a Deployment that is `{}`", `{}`)
	add("a Deployment that is `null`", `null`)
	nested := strings.Repeat("[", 100000) + strings.Repeat("]", 100000)
	add("a Deployment nested 100,000 deep", replace(good, `"replicas":1`, `"replicas":`+nested))
	add("a Deployment that ends in the middle", good[:100])
	return out
}

// tableInputs returns the RouteTables.
func (s *story) tableInputs() (out []input) {
	add := func(what, json string) { out = append(out, input{what, "RouteTable", json}) }
	add("500 destinations that sum to 500", s.routes(500, "1"))
	add("5,000 destinations", s.routes(5000, "1"))
	for _, weight := range []string{`"50"`, `null`, `-50`, `4294967295`, `4294967296`} {
		add(fmt.Sprintf("`weight: %s`", weight), s.routes(2, weight))
	}
	add("`weight: 2147483698`, twice", s.routes(2, `2147483698`))
	for _, weight := range []string{`50.5`, `5e1`, `{}`} {
		add(fmt.Sprintf("`weight: %s`", weight), s.routes(2, weight))
	}
	add("duplicate weights", s.routes(2, `50,"weight":40`))
	add("`routes: {}`", s.tableJSON(`"name":"x"`, `{}`))
	nested := strings.Repeat(`{"a":`, 100000) + "1" + strings.Repeat("}", 100000)
	add("a route nested 100,000 deep", s.tableJSON(`"name":"x"`, `[{"options":`+nested+`}]`))
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
	all := map[string]string{
		"aviary.dev/app": "hostile", "aviary.dev/role": "primary", "aviary.dev/api-group": "example",
		"aviary.dev/target-port": "80",
	}
	stamp := "aviary.dev/promoted-at" // As /mutate would set it.
	if annotations["aviary.dev/weight"]+annotations["aviary.dev/headers"] != "" {
		all["aviary.dev/role"], stamp = "canary", "aviary.dev/weight-raised-at"
	}
	all[stamp] = "2026-01-02T03:04:05.000Z"
	maps.Copy(all, annotations)
	labels := map[string]string{"app": "hostile", "version": "v1"}
	if version, ok := annotations["aviary.dev/version"]; ok {
		labels["version"] = version
	}
	ports := []any{map[string]any{"containerPort": 80}}
	container := map[string]any{"name": "x", "image": "none", "ports": ports}
	text, err := json.Marshal(map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": map[string]any{"name": "hostile-v1", "namespace": s.namespace, "annotations": all},
		"spec": map[string]any{
			"replicas": 1, "selector": map[string]any{"matchLabels": map[string]string{"app": "hostile"}},
			"template": map[string]any{
				"metadata": map[string]any{"labels": labels},
				"spec":     map[string]any{"containers": []any{container}},
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
		to = append(to, fmt.Sprintf(`{"destination":{"upstream":{"name":"hostile","namespace":%q},`+
			`"subset":{"values":{"version":"v%d"}}},"weight":%s}`, s.namespace, i+1, weight))
	}
	const route = `[{"matchers":[{"prefix":"/hostile"}],"routeAction":{"multi":{"destinations":[%s]}}}]`
	metadata := `"name":"hostile","labels":{"apiGroup":"example"}`
	return s.tableJSON(metadata, fmt.Sprintf(route, strings.Join(to, ",")))
}

// tableJSON returns the JSON of a RouteTable with the given fields of its metadata and routes.
func (s *story) tableJSON(metadata, routes string) string {
	return fmt.Sprintf(`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable",`+
		`"metadata":{%s,"namespace":%q},"spec":{"routes":%s}}`, metadata, s.namespace, routes)
}
