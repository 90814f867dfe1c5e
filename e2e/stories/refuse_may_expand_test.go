package stories

import (
	"fmt"
	"strings"
	"testing"
)

// TestMayExpand has users create siblings by way of a Deployment. That must not give them more than
// their own rights do.
func TestMayExpand(t *testing.T) {
	t.Parallel()
	s := begin(t, "may-expand")
	first, second := v("v1", "role=primary"), v("v2", "role=canary", "weight=50")
	s.step("a user who may create Deployments only")
	only := s.user("mallory", mayDeploy)
	only.apply(first.String()).mustFail("[may-expand]", "mallory",
		"create services", "create upstreams.gloo.solo.io", "create routetables.gateway.solo.io")
	s.step("a user who may create all siblings, but not update a RouteTable")
	almost := s.user("ann", mayDeploy,
		"create,update services upstreams.gloo.solo.io", "create routetables.gateway.solo.io")
	almost.apply(first.String()).mustSucceed()
	s.waitAvailable("echo-v1")
	s.waitTraffic("echo", allToV1)
	s.step("a change that needs such an update")
	almost.apply(v("v2").String()).mustSucceed()
	almost.apply(second.String()).mustFail("[may-expand]", "ann", "update routetables.gateway.solo.io")
	s.step("a change that leaves the siblings as they are needs no right to them")
	pods := first
	pods.pod = map[string]string{"example.com/config": "2"}
	only.apply(pods.String()).mustSucceed()
	only.kubectl("", "scale", "deployment", "echo-v1", "--replicas=2").mustFail("forbidden") // By the API server.
	s.waitTraffic("echo", allToV1)

	s.step("who may not delete siblings has none deleted")
	retire := []string{"annotate", "deployment", "echo-v2", "aviary.dev/retire=true", "--dry-run=server"}
	almost.kubectl("", retire...).mustFail("[may-expand]", "ann may not delete routetables.gateway.solo.io", "or delete")
	retired := v("v3", "role=standby", "retire=true").String()
	almost.apply(retired, "--dry-run=server").mustFail("[may-expand]", "ann may not delete routetables.gateway.solo.io")
	whole := s.user("whole", mayDeploy, mayExpand)
	whole.kubectl("", retire...).mustSucceed()
	whole.apply(retired, "--dry-run=server").mustSucceed()
	almost.apply(v("v1", "role=primary").of("single").String()).mustSucceed()
	s.waitTraffic("single", "/single: v1")
	leave := []string{"annotate", "deployment", "single-v1", "aviary.dev/app-"}
	almost.kubectl("", leave...).mustFail("[may-expand]", "delete routetables.gateway.solo.io", "delete services")
	s.step("with its last Deployment an app goes without Aviary")
	almost.kubectl("", "delete", "deployment", "single-v1", "--wait=false").mustSucceed()
	for _, x := range siblingsOf("single") {
		s.waitGone(x.resource, x.name)
	}

	s.step("the Namespace's label aviary.dev/self-service decides")
	for _, odd := range []string{"True", "yes", ""} {
		s.kubectl("", "label", "namespace", s.namespace, "--overwrite", "aviary.dev/self-service="+odd).mustSucceed()
		only.apply(second.String()).mustFail("[may-expand]")
	}
	s.kubectl("", "label", "namespace", s.namespace, "--overwrite", "aviary.dev/self-service=true").mustSucceed()
	s.eventually("the label to be known", func() error { return only.apply(second.String()).err })
	s.waitTraffic("echo", halfToV2)
	s.kubectl("", "label", "namespace", s.namespace, "--overwrite", "aviary.dev/self-service=false").mustSucceed()
	s.eventually("the label to be known", func() error {
		out := s.apply(v("v2", "role=canary", "weight=60").String(), "--dry-run=server")
		if out.err == nil || !strings.Contains(out.stderr, "[may-expand]") {
			return fmt.Errorf("it must be refused by may-expand, but: %s%s", out.stdout, out.stderr)
		}
		return nil
	})
	almost.kubectl("", "delete", "deployment", "echo-v2", "--wait=false").mustSucceed() // A deletion creates nothing new.
}
