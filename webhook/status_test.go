package webhook_test

import (
	"bytes"
	"strings"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
)

// Defaulting is not asked about the status, so that a stamp could say any time there.
func TestStampsAreNotChangedByTheStatus(t *testing.T) {
	t.Parallel()
	deployment := func(annotations string) []byte {
		return []byte(`{"metadata":{"name":"echo-v1","namespace":"n","annotations":{` + annotations + `}},
"spec":{"selector":{"matchLabels":{"app":"echo","version":"v1"}},"template":{"metadata":{"labels":{"app":"echo",
"version":"v1"}},"spec":{"containers":[{"ports":[{"containerPort":80}]}]}}}}`)
	}
	const app = `"aviary.dev/app":"echo","aviary.dev/api-group":"example","aviary.dev/role":"primary"`
	const stamped = app + `,"aviary.dev/promoted-at":"2026-01-02T03:04:05.000Z"`
	const overridden = `,"aviary.dev/overridden-at":"2026-01-02T03:04:05.000Z"`
	h := validator(t, inventory.NewStore())
	h.Live = inventorytest.Cluster(fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).Build())
	for name, c := range map[string]struct {
		old, now, subresource string
		key                   string // of the annotation that refuses; empty if none does
	}{
		"another time":      {stamped, strings.Replace(stamped, "2026", "2099", 1), "status", "promoted-at"},
		"taken away":        {stamped, app, "status", "promoted-at"},
		"an override's":     {stamped, stamped + overridden, "status", "overridden-at"},
		"of no app":         {"", `"aviary.dev/promoted-at":"2026-01-02T03:04:05.000Z"`, "status", "promoted-at"},
		"leaves the app":    {app, `"aviary.dev/weight-raised-at":"2026-01-02T03:04:05.000Z"`, "status", "weight-raised-at"},
		"something else":    {stamped, stamped + `,"aviary.dev/x-team":"a"`, "status", ""},
		"not by the status": {stamped, strings.Replace(stamped, "2026", "2099", 1), "", ""},
	} {
		body := review(t, "deployments", "apps", "Deployment", "UPDATE", deployment(c.now), deployment(c.old))
		if c.subresource != "" {
			body = bytes.Replace(body, []byte(`"operation":`), []byte(`"subResource":"`+c.subresource+`","operation":`), 1)
		}
		got := post(t, h, body)
		want := "metadata.annotations[aviary.dev/" + c.key + "]: [annotations-valid] is Aviary's"
		if got.Allowed != (c.key == "") || c.key != "" && !strings.Contains(got.Result.Message, want) {
			t.Errorf("%s: allowed %v, %v; want %q", name, got.Allowed, got.Result, c.key)
		}
	}
}
