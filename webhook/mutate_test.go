package webhook_test

import (
	"strings"
	"testing"
	"time"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/webhook"
)

// The API server refuses what gets no selector before /validate is asked, and does not say why it gets none.
func TestMutateSaysWhyNoSelectorIsFilledIn(t *testing.T) {
	t.Parallel()
	m := &webhook.Mutate{Kinds: glootest.Kinds(), Facts: inventory.NewStore(), Now: time.Now}
	for name, c := range map[string]struct{ metadata, spec, want string }{
		"capitals": {
			`"name":"echo-v1","annotations":{"aviary.dev/app":"Echo"}`, "", `aviary.dev/app]: "Echo" must start with a letter`,
		},
		"a name without version": {
			`"name":"echo","annotations":{"aviary.dev/app":"echo"}`, "", `the name "echo" does not begin with "echo-"`,
		},
		"a name that is still to be made": {
			`"generateName":"echo-","annotations":{"aviary.dev/app":"echo"}`, "", "has no name yet",
		},
		"another domain": {`"name":"echo-v1","annotations":{"aviary.io/app":"echo"}`, "", "did you mean aviary.dev/app?"},
		"filled in":      {`"name":"echo-v1","annotations":{"aviary.dev/app":"echo"}`, "", ""},
		"a selector of its own": {
			`"name":"echo","annotations":{"aviary.dev/app":"echo"}`, `"selector":{"matchLabels":{"app":"echo"}},`, "",
		},
	} {
		object := `{"metadata":{"namespace":"n",` + c.metadata + `},"spec":{` + c.spec +
			`"template":{"metadata":{},"spec":{}}}}`
		got := post(t, m, review(t, "deployments", "apps", "Deployment", "CREATE", []byte(object), nil))
		said := strings.Join(got.Warnings, "\n")
		if !got.Allowed || (said == "") != (c.want == "") || !strings.Contains(said, c.want) {
			t.Errorf("%s: allowed %v, says %q, must say %q", name, got.Allowed, said, c.want)
		}
		if patched := len(got.Patch) > 0; patched == (c.want != "") && name != "a selector of its own" {
			t.Errorf("%s: patch %s", name, got.Patch)
		}
		for _, w := range got.Warnings {
			if len(w) > 256 {
				t.Errorf("%s: a warning of %d bytes", name, len(w))
			}
		}
	}
}
