package judge_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

const noStamp = " metadata.annotations[aviary.dev/promoted-at]: [annotations-valid] is missing, because Aviary's " +
	"defaulting webhook was not called; apply again"

// TestUnstamped: a primary without its stamp is refused, as far as the mode of annotations-valid says so.
func TestUnstamped(t *testing.T) {
	t.Parallel()
	kinds := glootest.Kinds()
	primary := facts(t, []byte(`
apiVersion: apps/v1
kind: Deployment
metadata:
  name: echo-v1
  namespace: echo
  annotations: {aviary.dev/app: echo, aviary.dev/version: v1, aviary.dev/role: primary}
spec:
  selector: {matchLabels: {app: echo, version: v1}}
  template:
    metadata: {labels: {app: echo, version: v1}}
    spec: {containers: [{name: echo, ports: [{containerPort: 8080}]}]}
`))[0]
	const exception = `exceptions:
- {rule: annotations-valid, match: {name: "echo-*"}, reason: TICKET-1, expires: 9999-12-31}`
	for name, c := range map[string]struct {
		config string
		does   judge.Operation
		want   []string
	}{
		"Deny":      {"", judge.Create, []string{"deny" + noStamp}},
		"Warn":      {"rules: {annotations-valid: {mode: warn}}", judge.Create, []string{"warn" + noStamp}},
		"Off":       {"rules: {annotations-valid: {mode: off}}", judge.Create, nil},
		"Cap":       {"enforcement: warn", judge.Create, []string{"warn" + noStamp}},
		"Exception": {exception, judge.Create, []string{"audit" + noStamp}},
		"Audit":     {"", judge.Audit, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := "apiVersion: aviary.dev/v1alpha1\nkind: Config\ndefaults: {apiGroup: example}\n" + c.config + "\n"
			config, err := policy.ParseConfig([]byte(text), kinds)
			if err != nil {
				t.Fatal(err)
			}
			r := judge.Request{Operation: c.does, New: primary}
			found, err := judgeWith(t, config, kinds).Decide(t.Context(), r, inventory.NewStore())
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				got = append(got, f.Mode.String()+" "+f.String())
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}
