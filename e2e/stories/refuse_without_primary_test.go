package stories

import "testing"

// TestWithoutPrimary has a tenant make the garbage collector delete a primary, which nobody may refuse. A canary takes
// its place, and the table is kept as before.
func TestWithoutPrimary(t *testing.T) {
	t.Parallel()
	s, robbed := begin(t, "without-primary"), begin(t, "without-primary-near")
	team := s.tenant("without-primary-team")
	s.apply(replace(s.virtualService(""), "namespaces: ["+s.namespace, "namespaces: ["+robbed.namespace+", "+s.namespace)).
		mustSucceed()
	robbed.apply(v("v1", "role=primary", "paths=/other").String()).mustSucceed()
	robbed.waitTraffic("echo", "/other: v1")
	team.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=10"),
		v("v3", "role=canary", "weight=10", "headers=stage=next"))).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2", "echo-v3")
	const kept = "stage=canary /echo: v2; stage=next /echo: v3; /echo: v1 80, v2 10, v3 10"
	s.waitTraffic("echo", kept)

	s.step("a control: nobody deletes it himself")
	team.kubectl("", "delete", "deployment", "echo-v1").mustFail("[stranded-traffic]")
	s.step("it says that it belongs to what is not there")
	team.mergePatch("deployment", "echo-v1", `{"metadata": {"ownerReferences": [{"apiVersion": "v1", "kind": "ConfigMap",
"name": "nobody", "uid": "11111111-1111-1111-1111-111111111111"}]}}`).mustSucceed()
	s.waitGone("deployments", "echo-v1")
	const now = "stage=next /echo: v3; /echo: v2 90, v3 10"
	s.waitTraffic("echo", now)
	s.waitEvent("NoValidPlan", "its route names a version that is gone, so all traffic goes to v2")

	s.step("edits of the table: another team's path, then weights")
	edit := func(operations string) outcome { return team.jsonPatch("routetable", "echo-routes", operations) }
	edit(`[{"op": "replace", "path": "/spec/routes/0/matchers/0/prefix", "value": "/other"}]`).mustFail("[path-owned]")
	const weight = "/spec/routes/1/routeAction/multi/destinations/0/weight"
	s.mustWarn("puts it back", edit(`[{"op": "replace", "path": "`+weight+`", "value": 10}]`))
	s.waitTraffic("echo", now)
}
