package judge_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestRolesInAudits: what admission says of a role that nobody states, an audit says as long as nobody does.
func TestRolesInAudits(t *testing.T) {
	t.Parallel()
	const role = "metadata.annotations[aviary.dev/role]: "
	for name, c := range map[string]struct {
		roles []string // of the versions, by age; the first is judged
		want  []string
	}{
		"the only one, silent": {
			[]string{""},
			[]string{role + "[annotations-valid] is absent, so v1 became primary; say role: primary to make it explicit"},
		},
		"silent beside a stated primary": {[]string{"", "primary"}, []string{
			role + "[annotations-valid] is absent, so v1 is standby and gets no traffic; say role: standby, or canary",
		}},
		"all say it": {[]string{"primary", "canary"}, nil},
		"an incumbent that does not say it, which is told once": {[]string{"canary"}, []string{
			role + "[promotion] no version of app echo states primary: v1 is it because it was, and a new cluster would not " +
				"know; set aviary.dev/role: primary on the version that shall be it",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := inventory.NewStore()
			text := strings.Builder{}
			for i, role := range c.roles {
				said := ""
				if role != "" {
					said = ", aviary.dev/role: " + role
				}
				text.WriteString(strings.NewReplacer("$n", string(rune('1'+i)), "$role", said).Replace(`---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: echo-v$n
  namespace: echo
  creationTimestamp: "2026-01-02T03:04:0$nZ"
  annotations: {aviary.dev/app: echo, aviary.dev/api-group: example$role}
spec:
  selector: {matchLabels: {app: echo, version: v$n}}
  template:
    metadata: {labels: {app: echo, version: v$n}}
    spec: {containers: [{name: echo, ports: [{containerPort: 8080}]}]}
`))
			}
			if strings.HasPrefix(name, "an incumbent") {
				text.WriteString(keptTable)
			}
			versions := facts(t, []byte(text.String()))
			for _, f := range versions {
				store.Put(f)
			}
			r := judge.Request{Operation: judge.Audit, New: versions[0]}
			found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, store)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, f := range found {
				if strings.HasPrefix(f.Field, "metadata.annotations[aviary.dev/role]") {
					got = append(got, f.String())
				}
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("-want +got\n%s", diff)
			}
		})
	}
}

// keptTable remembers that v1 was the primary.
const keptTable = `---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata:
  name: echo-routes
  namespace: echo
  uid: table
  labels: {apiGroup: example, app.kubernetes.io/managed-by: aviary, aviary.dev/app: echo}
  annotations: {aviary.dev/was-primary: v1@1}
spec:
  routes:
  - matchers: [{prefix: /echo}]
    routeAction: {single: {upstream: {name: echo}, subset: {values: {version: v1}}}}
`
