package stories

import "testing"

// TestPlanned refuses at the Deployment what its RouteTable, which nobody has
// written yet, would do to others, or to the app itself.
func TestPlanned(t *testing.T) {
	t.Parallel()
	owner, other := quickly(t, shared, "planned-owner"), quickly(t, shared, "planned-other")
	owner.must(owner.create(domain("planned", []quick{owner, other})))
	owner.apply(v("v1", "role=primary").String()).mustSucceed()
	owner.flows("echo", allToV1)

	other.step("the name of an app is a path, and that is another team's")
	other.apply(v("v1", "role=primary").String()).mustFail("[path-owned]", "path /echo is RouteTable planned-owner/echo-routes", "metadata.annotations[aviary.dev/paths]")
	other.apply(v("v1", "role=primary", "paths=/other").String()).mustSucceed()
	other.flows("echo", "/other: v1")
	other.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/paths=/other,/echo").mustFail("[path-owned]", "path /echo is")

	owner.step("a group that nobody leads to would take the app's routes away")
	owner.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/api-group=samples").mustFail("[api-group]", `set it back to "example"`)
}

// TestBrokenCanaryCarriesNothing has a canary state 100 % with no Pod that is
// ready: the primary carries all, whatever is declared.
func TestBrokenCanaryCarriesNothing(t *testing.T) {
	t.Parallel()
	s := begin(t, "broken-canary")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.available("echo-v1")
	s.apply(slow(v("v2", "role=canary", "weight=100")).String()).mustSucceed()
	s.flows("echo", headerV2)
	s.kubectl("", "scale", "deployment", "echo-v1", "--replicas=0").mustFail("[stranded-traffic]", "v1 carries 100 %", "wait until v2")
	s.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/role=standby").mustFail("[stranded-traffic]", "v1 carries 100 %")
	s.step("it carries all, and the primary may step down")
	s.ready("v2", true)
	s.flows("echo", canaryAll)
	s.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/role=standby").mustSucceed()
	s.flows("echo", "stage=canary /echo: v2; /echo: v2")
}
