package stories

import (
	"fmt"
	"strings"
	"testing"
)

// Manifests of TestForeignHolds; the first two name the namespace that they lead into.
const (
	holdingTable = `---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: %s, labels: {apiGroup: %s}}
spec:
  routes:
  - matchers: [{prefix: /%[1]s}]
    routeAction: {single: {upstream: {name: %[3]s, namespace: %[4]s}, subset: {values: {version: %[5]s}}}}
`
	heldApp = `
apiVersion: v1
kind: Service
metadata: {name: plain}
spec: {selector: {app: plain}, ports: [{port: 80, targetPort: 8080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: plain-v1}
spec:
  selector: {matchLabels: {app: plain, version: v1}}
  template:
    metadata: {labels: {app: plain, version: v1}}
    spec: {containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}
`
	intoPlain = `
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata: {name: into-plain}
spec:
  kube:
    serviceName: plain
    serviceNamespace: %s
    servicePort: 80
    selector: {app: plain}
    subsetSpec: {selectors: [{keys: [version]}]}
`
	internalTable = `
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: internal, labels: {apiGroup: mine}}
spec: {routes: [{matchers: [{prefix: /internal}], directResponseAction: {status: 200}}]}
`
	mayRoute = "get,list,create,update,patch,delete routetables.gateway.solo.io virtualservices.gateway.solo.io " +
		"upstreams.gloo.solo.io services"
)

// TestForeignHolds has a team keep another one from removing what is its own, by tables and parents that name it. They
// only warn: what holds is the team's own, and what the platform serves.
func TestForeignHolds(t *testing.T) {
	t.Parallel()
	held, holder, platform := begin(t, "held"), begin(t, "holder"), begin(t, "gloo-system")
	team, foe := held.user("held-team", mayDeploy, mayScale, mayRoute), holder.user("holder-team", mayDeploy, mayRoute)
	held.exposeTables()
	team.apply(v("v1", "role=primary").String() + "---" + heldApp).mustSucceed()
	held.waitAvailable("echo-v1", "plain-v1")
	held.waitTraffic("echo", allToV1)
	team.apply(v("v2", "role=canary", "weight=50").String()).mustSucceed()
	held.waitAvailable("echo-v2")
	held.waitTraffic("echo", halfToV2)
	try := func(command string) outcome {
		return team.kubectl("", append(strings.Fields(command), "--dry-run=server")...)
	}
	const remove, scale = "delete deployment echo-v2", "scale deployment echo-v2 --replicas=0"

	held.step("a control: nobody else names v2, so it may go")
	for _, command := range []string{remove, scale} {
		if out := try(command).mustSucceed(); strings.Contains(out.stderr, "[stranded-traffic]") {
			t.Errorf("%s must pass without a warning: %s", command, out.stderr)
		}
	}
	held.step("another team's table names v2: unselected, then served by that team's own VirtualService")
	foe.apply(fmt.Sprintf(holdingTable, "hold", "nobody", "echo", held.namespace, "v2")).mustSucceed()
	held.waitWarns(try, "[stranded-traffic] RouteTable holder/hold", remove, scale)
	foe.apply(fmt.Sprintf(holdingTable, "hold", "example", "echo", held.namespace, "v2") +
		holder.virtualService("")).mustSucceed()
	held.waitWarns(try, "that RouteTable is namespace holder's", remove, scale)

	held.step("the platform's holds once something leads to it")
	platform.apply(fmt.Sprintf(holdingTable, "by-platform", "example", "echo", held.namespace, "v2")).mustSucceed()
	held.waitWarns(try, "nothing leads to that RouteTable", remove, scale)
	platform.exposeTables()
	held.waitRefused(try, "[stranded-traffic] RouteTable gloo-system/by-platform", remove, scale)
	platform.kubectl("", "delete", "routetable", "by-platform").mustSucceed()
	held.waitWarns(try, "namespace holder's", remove, scale)

	held.step("through the other team's Upstream into the Service")
	foe.apply(fmt.Sprintf(intoPlain, held.namespace) +
		fmt.Sprintf(holdingTable, "hold-plain", "example", "into-plain", holder.namespace, "v1")).mustSucceed()
	held.waitWarns(try, "[upstream-in-use] RouteTable holder/hold-plain", "delete service plain")
	held.waitWarns(try, "[stranded-traffic] RouteTable holder/hold-plain", "delete deployment plain-v1")
	held.step("a control: the team's own table holds, whosever the Upstream is")
	team.apply(fmt.Sprintf(holdingTable, "own", "example", "into-plain", holder.namespace, "v1")).mustSucceed()
	held.waitRefused(try, "[upstream-in-use] RouteTable held/own", "delete service plain")
	held.waitRefused(try, "[stranded-traffic] RouteTable held/own", "delete deployment plain-v1")
	team.kubectl("", "delete", "routetable", "own", "--wait=false").mustSucceed()

	held.step("a label that another team's VirtualService selects, and one that the platform's does")
	team.apply(internalTable).mustSucceed()
	selecting := func(domain string) string {
		squat := fmt.Sprintf(virtualService, "squat", "", domain, held.namespace)
		return replace(squat, "apiGroup: example", "apiGroup: mine")
	}
	foe.apply(selecting("squat.holder.example.com")).mustSucceed()
	const relabel = "label routetable internal apiGroup=mine2 --overwrite"
	held.waitWarns(try, "only parents of namespace holder did", relabel)
	platform.apply(selecting("squat.gloo-system.example.com")).mustSucceed()
	held.waitRefused(try, "[api-group]", relabel)
	platform.kubectl("", "delete", "virtualservice", "squat").mustSucceed()
	held.waitWarns(try, "[api-group]", relabel)

	held.step("what is the team's own goes, with the other's tables in place")
	team.kubectl("", "delete", "deployment", "echo-v2", "plain-v1", "--wait=false").mustSucceed()
	team.kubectl("", "delete", "service", "plain", "--wait=false").mustSucceed()
	held.waitTraffic("echo", allToV1)
}

// waitWarns waits until each command passes with such a warning.
func (s *story) waitWarns(try func(string) outcome, what string, commands ...string) {
	s.Helper()
	for _, command := range commands {
		s.eventually(what+" in a warning of kubectl "+command, func() error {
			out := try(command)
			if out.err != nil || !strings.Contains(strings.Join(out.warnings(), "\n"), what) {
				return fmt.Errorf("it says: %s%s", out.stdout, out.stderr)
			}
			return nil
		})
	}
}

// waitRefused waits until each command is refused for such a reason.
func (s *story) waitRefused(try func(string) outcome, what string, commands ...string) {
	s.Helper()
	for _, command := range commands {
		s.eventually(what+" in a refusal of kubectl "+command, func() error {
			if out := try(command); out.err == nil || !strings.Contains(out.stderr, what) {
				return fmt.Errorf("it says: %s%s", out.stdout, out.stderr)
			}
			return nil
		})
	}
}
