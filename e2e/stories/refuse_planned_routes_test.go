package stories

import "testing"

// TestPlannedRoutes has Deployments refused for the RouteTable that Aviary would write for them: it
// would take another team's path, or the app's own routes away.
func TestPlannedRoutes(t *testing.T) {
	t.Parallel()
	owner, other := beginDirect(t, shared, "planned-owner"), beginDirect(t, shared, "planned-other")
	owner.check(owner.create(domain("planned", []direct{owner, other})))
	owner.apply(v("v1", "role=primary").String()).mustSucceed()
	owner.waitTraffic("echo", allToV1)

	other.step("the name of an app is a path, and that is another team's")
	other.apply(v("v1", "role=primary").String()).mustFail("[path-owned]", "path /echo is RouteTable planned-owner/echo-routes", "metadata.annotations[aviary.dev/paths]")
	other.apply(v("v1", "role=primary", "paths=/other").String()).mustSucceed()
	other.waitTraffic("echo", "/other: v1")
	other.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/paths=/other,/echo").mustFail("[path-owned]", "path /echo is")

	owner.step("a group that nobody leads to would take the app's routes away")
	owner.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/api-group=samples").mustFail("[api-group]", `set it back to "example"`)
}

// TestBrokenCanaryCarriesNothing has a canary with weight 100 and no ready Pod. The primary still
// carries all traffic, and must stay.
func TestBrokenCanaryCarriesNothing(t *testing.T) {
	t.Parallel()
	s := begin(t, "broken-canary")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	s.apply(notReady(v("v2", "role=canary", "weight=100")).String()).mustSucceed()
	s.waitTraffic("echo", headerV2)
	s.kubectl("", "scale", "deployment", "echo-v1", "--replicas=0").mustFail("[stranded-traffic]", "v1 carries 100 %", "wait until v2")
	s.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/role=standby").mustFail("[stranded-traffic]", "v1 carries 100 %")
	s.step("it carries all, and the primary may step down")
	s.setReady("v2", true)
	s.waitTraffic("echo", canaryAll)
	s.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/role=standby").mustSucceed()
	s.waitTraffic("echo", "stage=canary /echo: v2; /echo: v2")
}
