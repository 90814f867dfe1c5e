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

	other.step("an app's name is its default path, and that is another team's")
	other.apply(v("v1", "role=primary").String()).mustFail("[path-owned]",
		"path /echo is RouteTable planned-owner/echo-routes", "metadata.annotations[aviary.dev/paths]")
	other.apply(v("v1", "role=primary", "paths=/other").String()).mustSucceed()
	other.waitTraffic("echo", "/other: v1")
	other.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/paths=/other,/echo").
		mustFail("[path-owned]", "path /echo is")

	owner.step("a group that nothing delegates to would take the app's routes away")
	owner.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/api-group=samples").
		mustFail("[api-group]", `set it back to "example"`)
}
