package stories

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"aviary.dev/e2e/aviary"
)

// brokenTable returns a RouteTable whose second route has weights that sum to 90.
func (s *story) brokenTable(name string) string {
	return fmt.Sprintf(`
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: %[1]s, labels: {apiGroup: example}}
spec:
  routes:
  - matchers: [{prefix: /good-%[1]s}]
    routeAction: {single: {upstream: {name: echo, namespace: %[2]s}, subset: {values: {version: v1}}}}
  - %[3]s
`, name, s.namespace, s.brokenRoute("/"+name, 60, 30))
}

func (s *story) brokenRoute(prefix string, v1, v2 int) string {
	to := fmt.Sprintf("upstream: {name: echo, namespace: %s}, subset: {values: {version: ", s.namespace)
	return fmt.Sprintf(`{matchers: [{prefix: %s}], routeAction: {multi: {destinations: [{destination: {%sv1}}}, weight: %d}, {destination: {%sv2}}}, weight: %d}]}}}`,
		prefix, to, v1, to, v2)
}

// testOnlyNewFaults changes objects that broke a rule before Aviary refused that: some were created
// under enforcement: warn, some while no webhook was configured. Old faults stay warnings, new ones
// are refused.
func testOnlyNewFaults(t *testing.T, p *plane) {
	s := beginOn(t, p, "ratchet")
	s.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=standby"))).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2")
	s.waitTraffic("echo", allToV1)

	s.step("under enforcement: warn, and while the webhook configurations are away")
	s.setEnforcement("warn")
	s.apply(s.brokenTable("warned")).mustSucceed()
	s.apply(v("v3", "role=canary", "weight=101").String()).mustSucceed()
	s.setEnforcement("deny")
	s.withoutWebhooks(func() { s.apply(s.brokenTable("unasked")).mustSucceed() })
	s.eventually("Aviary to be asked again", func() error {
		if s.apply(s.brokenTable("new"), "--dry-run=server").err == nil {
			return errors.New("a wrong RouteTable is admitted")
		}
		return nil
	})

	for _, table := range []string{"warned", "unasked"} {
		s.step("%s: what was wrong stays a warning", table)
		patch := func(operations string) outcome {
			return s.kubectl("", "patch", "routetable", table, "--type=json", "-p=["+operations+"]")
		}
		s.mustWarn("[weights-sum]", s.kubectl("", "label", "routetable", table, "team=animals"))
		s.mustWarn("[weights-sum]", patch(`{"op": "replace", "path": "/spec/routes/0/matchers/0/prefix", "value": "/better-`+table+`"}`))
		s.kubectl("", "patch", "routetable", table, "--type=merge", `-p={"metadata": {"finalizers": ["example.com/hold"], "annotations": {"example.com/x": "y"}}}`).mustSucceed()
		s.step("%s: the fault moved to another index is not new", table)
		s.mustWarn("spec.routes[0].routeAction.multi.destinations: [weights-sum]", patch(`{"op": "move", "from": "/spec/routes/0", "path": "/spec/routes/1"}`))
		s.step("%s: a second copy of it is, and so is another fault in its place", table)
		for _, again := range []string{
			`{"op": "copy", "from": "/spec/routes/0", "path": "/spec/routes/-"}`,
			`{"op": "copy", "from": "/spec/routes/0", "path": "/spec/routes/-"}, {"op": "replace", "path": "/spec/routes/2/matchers/0/prefix", "value": "/again"}`,
			`{"op": "replace", "path": "/spec/routes/0/routeAction/multi/destinations/0/weight", "value": 61}`,
		} {
			patch(again).mustFail("[weights-sum]")
		}
		s.step("%s: it may be mended, halfway back to wrong it may not; it may go", table)
		patch(`{"op": "replace", "path": "/spec/routes/0/routeAction/multi/destinations/0/weight", "value": 70}`).mustSucceed()
		patch(`{"op": "replace", "path": "/spec/routes/0/routeAction/multi/destinations/0/weight", "value": 60}`).mustFail("[weights-sum]")
		s.kubectl("", "delete", "routetable", table, "--wait=false").mustSucceed()
		s.kubectl("", "patch", "routetable", table, "--type=merge", `-p={"metadata": {"finalizers": null}}`).mustSucceed()
		s.waitGone("routetables", table)
	}

	s.step("a Deployment with a weight that nobody can read")
	s.mustWarn("[annotations-valid]", s.kubectl("", "label", "deployment", "echo-v3", "team=animals"))
	s.mustWarn("[annotations-valid]", s.kubectl("", "set", "image", "deployment/echo-v3", "echo=hashicorp/http-echo:2"))
	s.kubectl("", "scale", "deployment", "echo-v3", "--replicas=2").mustSucceed()
	s.kubectl("", "annotate", "--overwrite", "deployment", "echo-v3", "aviary.dev/weight=102").mustFail("[annotations-valid]")
	s.kubectl("", "delete", "deployment", "echo-v3").mustSucceed()
	s.waitTraffic("echo", allToV1)
}

// setEnforcement changes Aviary's configuration and waits until it is in effect.
func (s *story) setEnforcement(mode string) {
	s.Helper()
	if err := s.aviary.SetConfig(strings.Replace(aviary.DefaultConfig, "enforcement: deny", "enforcement: "+mode, 1)); err != nil {
		s.Fatal(err)
	}
	s.eventually("enforcement: "+mode, func() error {
		refused := s.apply(s.brokenTable("probe"), "--dry-run=server").err != nil
		if refused != (mode == "deny") {
			return fmt.Errorf("a wrong RouteTable is refused: %t", refused)
		}
		return nil
	})
}
