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

// brokenRoute returns a route to two versions with these weights.
func (s *story) brokenRoute(prefix string, v1, v2 int) string {
	to := func(version string, weight int) string {
		const text = "{weight: %d, destination: {upstream: {name: echo, namespace: %s}, " +
			"subset: {values: {version: %s}}}}"
		return fmt.Sprintf(text, weight, s.namespace, version)
	}
	return fmt.Sprintf("{matchers: [{prefix: %s}], routeAction: {multi: {destinations: [%s, %s]}}}",
		prefix, to("v1", v1), to("v2", v2))
}

// testOnlyNewFaults changes objects that broke a rule before Aviary refused that: some were created
// under enforcement: warn, some while no webhook was configured. Old faults stay warnings, new ones
// are refused.
func testOnlyNewFaults(t *testing.T, p *plane) {
	s := beginOn(t, p, "ratchet")
	s.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=standby"))).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2")
	s.waitTraffic("echo", allToV1)

	s.step("under enforcement: warn, and without webhook configurations")
	s.setEnforcement("warn")
	s.apply(s.brokenTable("warned")).mustSucceed()
	s.apply(v("v3", "role=canary", "weight=101").String()).mustSucceed()
	s.setEnforcement("deny")
	s.withoutWebhooks(func() { s.apply(s.brokenTable("not-validated")).mustSucceed() })
	s.eventually("the webhooks to be called again", func() error {
		if s.apply(s.brokenTable("new"), "--dry-run=server").err == nil {
			return errors.New("a wrong RouteTable is admitted")
		}
		return nil
	})

	const weight = "/spec/routes/0/routeAction/multi/destinations/0/weight"
	for _, table := range []string{"warned", "not-validated"} {
		s.step("%s: an old fault stays a warning", table)
		patch := func(operations string) outcome {
			return s.jsonPatch("routetable", table, "["+operations+"]")
		}
		s.mustWarn("[weights-sum]", s.kubectl("", "label", "routetable", table, "team=animals"))
		s.mustWarn("[weights-sum]",
			patch(`{"op": "replace", "path": "/spec/routes/0/matchers/0/prefix", "value": "/better-`+table+`"}`))
		const foreign = `{"metadata": {"finalizers": ["example.com/hold"], "annotations": {"example.com/x": "y"}}}`
		s.mergePatch("routetable", table, foreign).mustSucceed()
		s.step("%s: an old fault at another index is not new", table)
		s.mustWarn("spec.routes[0].routeAction.multi.destinations: [weights-sum]",
			patch(`{"op": "move", "from": "/spec/routes/0", "path": "/spec/routes/1"}`))
		s.step("%s: a copy of it is new, and so is another fault in its place", table)
		const second = `{"op": "copy", "from": "/spec/routes/0", "path": "/spec/routes/-"}`
		setWeight := func(value int) outcome {
			return patch(fmt.Sprintf(`{"op": "replace", "path": %q, "value": %d}`, weight, value))
		}
		patch(second).mustFail("[weights-sum]")
		patch(second + `, {"op": "replace", "path": "/spec/routes/2/matchers/0/prefix", "value": "/again"}`).
			mustFail("[weights-sum]")
		setWeight(61).mustFail("[weights-sum]")
		s.step("%s: it may be repaired, but not broken again; it may be deleted", table)
		setWeight(70).mustSucceed()
		setWeight(60).mustFail("[weights-sum]")
		s.kubectl("", "delete", "routetable", table, "--wait=false").mustSucceed()
		s.mergePatch("routetable", table, `{"metadata": {"finalizers": null}}`).mustSucceed()
		s.waitGone("routetables", table)
	}

	s.step("a Deployment with an invalid weight")
	s.mustWarn("[annotations-valid]", s.kubectl("", "label", "deployment", "echo-v3", "team=animals"))
	s.mustWarn("[annotations-valid]", s.kubectl("", "set", "image", "deployment/echo-v3", "echo=hashicorp/http-echo:2"))
	s.kubectl("", "scale", "deployment", "echo-v3", "--replicas=2").mustSucceed()
	s.kubectl("", "annotate", "--overwrite", "deployment", "echo-v3",
		"aviary.dev/weight=102").mustFail("[annotations-valid]")
	s.kubectl("", "delete", "deployment", "echo-v3").mustSucceed()
	s.waitTraffic("echo", allToV1)
}

// setEnforcement changes Aviary's configuration and waits until it is in effect.
func (s *story) setEnforcement(mode string) {
	s.Helper()
	config := strings.Replace(aviary.DefaultConfig, "enforcement: deny", "enforcement: "+mode, 1)
	s.must(s.aviary.SetConfig(config))
	s.eventually("enforcement: "+mode, func() error {
		refused := s.apply(s.brokenTable("probe"), "--dry-run=server").err != nil
		if refused != (mode == "deny") {
			return fmt.Errorf("a wrong RouteTable is refused: %t", refused)
		}
		return nil
	})
}
