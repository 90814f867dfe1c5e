package webhook_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
)

// Of most old tables only the metadata are decoded; to what a route led before is read nevertheless where it counts.
func TestRouteThatMovesToNobody(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	deployment := func(version, available string) string {
		return strings.NewReplacer("$v", version, "$n", available).Replace(`{
"metadata":{"name":"$v","namespace":"n","uid":"$v"},
"spec":{"template":{"metadata":{"labels":{"app":"echo","version":"$v"}}}},"status":{"availableReplicas":$n}}`)
	}
	upstream := `{"metadata":{"name":"echo","namespace":"n"},"spec":{"kube":{
"serviceName":"echo","serviceNamespace":"n","servicePort":80,
"selector":{"app":"echo"},"subsetSpec":{"selectors":[{"keys":["version"]}]}}}}`
	for _, o := range []struct {
		kind schema.GroupKind
		text string
	}{
		{fact.DeploymentKind, deployment("v1", "1")},
		{fact.DeploymentKind, deployment("v2", "0")},
		{fact.DeploymentKind, deployment("v3", "0")},
		{gloo.UpstreamKind.GroupKind(), upstream},
	} {
		f, err := glootest.Kinds().Decode(o.kind, []byte(o.text))
		if err != nil {
			t.Fatal(err)
		}
		store.Put(f)
	}
	to := func(version string) []byte {
		return []byte(`{"metadata":{"name":"by-hand","namespace":"n"},"spec":{"routes":[{"matchers":[{"prefix":"/echo"}],
"routeAction":{"single":{
"upstream":{"name":"echo"},"subset":{"values":{"version":"` + version + `"}}}}}]}}`)
	}
	for name, c := range map[string]struct {
		old  []byte
		says string
	}{
		"it moves":           {to("v1"), "no available replica and would get traffic of v1"},
		"it stays":           {to("v2"), "no available replica and gets traffic (available: v1)"},
		"it left nobody":     {to("v3"), ""},
		"it was not read":    {[]byte(`{"metadata":{"name":"by-hand"},"spec":{"routes":1}}`), "(available: v1)"},
		"it is a new object": {nil, "(available: v1)"},
	} {
		operation := "UPDATE"
		if c.old == nil {
			operation = "CREATE"
		}
		body := review(t, "routetables", "gateway.solo.io", "RouteTable", operation, to("v2"), c.old)
		got := post(t, validator(t, store), body)
		said := strings.Join(got.Warnings, "\n")
		if strings.Contains(said, "[capacity]") != (c.says != "") || !strings.Contains(said, c.says) || !got.Allowed {
			t.Errorf("%s: says %q, must say %q", name, said, c.says)
		}
	}
}
