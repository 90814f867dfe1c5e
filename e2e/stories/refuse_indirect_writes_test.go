package stories

import (
	"fmt"
	"strings"
	"testing"
)

// TestIndirectWrites changes what Aviary reads in unusual ways: by the status subresource, by
// removing all annotations, by replacing an object, and by a new label of the Pod template.
func TestIndirectWrites(t *testing.T) {
	t.Parallel()
	s := begin(t, "indirect-writes")
	s.shiftHalf()
	s.step("kubectl patch --subresource=status changes annotations as well")
	status := func(patch string) outcome {
		return s.kubectl("", "patch", "deployment", "echo-v2", "--subresource=status", "--type=merge", "-p="+patch)
	}
	const promoted = `{"metadata": {"annotations": {"aviary.dev/role": "primary", "aviary.dev/weight": null}}}`
	status(promoted).mustFail("promot")
	status(`{"metadata": {"annotations": {"aviary.dev/weight": "101"}}}`).mustFail("[annotations-valid]")
	status(`{"metadata": {"annotations": {"example.com/x": "y"}}, "status": {"conditions": []}}`).mustSucceed()
	for _, stamp := range []string{"promoted-at", "weight-raised-at", "overridden-at"} {
		status(`{"metadata": {"annotations": {"aviary.dev/`+stamp+`": "2099-01-02T03:04:05.000Z"}}}`).
			mustFail("aviary.dev/"+stamp, "[annotations-valid]", "is Aviary's")
	}

	s.step("an UPDATE that removes the annotations")
	s.mergePatch("deployment", "echo-v1", `{"metadata": {"annotations": null}}`).mustFail("[stranded-traffic]")
	s.kubectl("", "annotate", "deployment", "echo-v1", "aviary.dev/app-").mustFail("aviary.dev/app")

	s.step("kubectl replace --force deletes and creates: refused for the primary, not for the canary")
	s.kubectl(v("v1", "role=primary").String(), "replace", "--force", "-f", "-").mustFail("[stranded-traffic]")
	s.waitTraffic("echo", halfToV2)
	s.kubectl(v("v2", "role=canary", "weight=50").String(), "replace", "--force", "-f", "-").mustSucceed()
	s.waitAvailable("echo-v2")
	s.waitTraffic("echo", halfToV2)

	s.step("a Pod template that gets another version's label")
	relabel := `{"spec": {"template": {"metadata": {"labels": {"version": "v9"}}}}}`
	s.apply(unannotated).mustSucceed()
	table := replace(s.table("by-hand", destination{"v1", 0}), "upstream: {name: echo", "upstream: {name: plain")
	s.apply(table).mustSucceed()
	s.mergePatch("deployment", "plain", relabel).mustFail("[stranded-traffic]", "RouteTable indirect-writes/by-hand")
	s.kubectl("", "delete", "deployment", "plain").mustFail("[stranded-traffic]")
	s.step("in a review a < takes six bytes, so a version may be larger there than what etcd stores")
	s.kubectl(fmt.Sprintf(large, strings.Repeat("<", 720_000)), "replace", "-f", "-",
		"--raw=/apis/apps/v1/namespaces/"+s.namespace+"/deployments/plain").mustSucceed()
	s.eventually("its deletion to be refused, for which a busy machine may lack the time", func() error {
		out := s.kubectl("", "delete", "deployment", "plain", "--dry-run=server")
		if !strings.Contains(out.stderr, "[stranded-traffic]") {
			return fmt.Errorf("it is not: %s%s", out.stdout, out.stderr)
		}
		return nil
	})
	s.kubectl("", "delete", "routetable", "by-hand").mustSucceed()
	s.mergePatch("deployment", "plain", relabel).mustSucceed()
}

// large is that workload with a text.
const large = `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "plain"}, "spec": {
"selector": {"matchLabels": {"app": "plain"}}, "template": {"metadata": {"labels": {"app": "plain", "version": "v1"}},
"spec": {"containers": [{"name": "echo", "image": "hashicorp/http-echo", "ports": [{"containerPort": 8080}],
"env": [{"name": "LARGE", "value": "%s"}]}]}}}}`

// unannotated is a workload without Aviary's annotations, with a hand-made Upstream.
const unannotated = `
apiVersion: apps/v1
kind: Deployment
metadata: {name: plain}
spec:
  selector: {matchLabels: {app: plain}}
  template:
    metadata: {labels: {app: plain, version: v1}}
    spec: {containers: [{name: echo, image: hashicorp/http-echo, ports: [{containerPort: 8080}]}]}
---
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata: {name: plain}
spec:
  kube:
    selector: {app: plain}
    serviceName: plain
    serviceNamespace: indirect-writes
    servicePort: 8080
    subsetSpec: {selectors: [{keys: [version]}]}
---
apiVersion: v1
kind: Service
metadata: {name: plain}
spec: {selector: {app: plain}, ports: [{port: 8080}]}
`
