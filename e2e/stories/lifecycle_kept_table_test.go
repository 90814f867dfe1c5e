package stories

import "testing"

// TestEditsOfAKeptTable edits a RouteTable that Aviary keeps. What would hurt another team until it
// is put back is refused, and so is a change of Aviary's records; anything else is put back.
func TestEditsOfAKeptTable(t *testing.T) {
	t.Parallel()
	s, other := beginDirect(t, shared, "kept-table"), beginDirect(t, shared, "kept-table-other")
	s.check(s.create(domain("kept-table", []direct{s, other})))
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	other.apply(v("v1", "role=primary", "paths=/other").String()).mustSucceed()
	s.waitTraffic("echo", allToV1)
	other.waitTraffic("echo", "/other: v1")
	edit := func(operations string) outcome { return s.jsonPatch("routetable", "echo-routes", operations) }
	const putsBack = "puts it back"

	s.step("another team's path")
	const path = "/spec/routes/0/matchers/0"
	edit(`[{"op": "replace", "path": "`+path+`/prefix", "value": "/other"}]`).
		mustFail("[path-owned]", "path /other is RouteTable kept-table-other/echo-routes")
	const methods = `{"op": "add", "path": "` + path + `/methods", "value": ["GET"]}`
	edit(`[` + methods + `, {"op": "replace", "path": "` + path + `/prefix", "value": "/"}]`).mustFail("[table-priority]")
	s.mustWarn(putsBack, edit(`[{"op": "replace", "path": "`+path+`/prefix", "value": "/nobodys"}]`))
	s.waitTraffic("echo", allToV1)

	s.step("the records")
	const record = "/metadata/annotations/aviary.dev~1was-primary"
	const told = "is Aviary's record of the versions that were primary, nobody else may change it"
	edit(`[{"op": "replace", "path": "`+record+`", "value": "v9@0"}]`).mustFail("[annotations-valid]", told)
	edit(`[{"op": "remove", "path": "`+record+`"}]`).mustFail("[annotations-valid]", told)
	const summary = "/metadata/annotations/aviary.dev~1summary"
	s.mustWarn(putsBack, edit(`[{"op": "replace", "path": "`+summary+`", "value": "v9 100"}]`))
	s.kubectl("", "annotate", "routetable", "echo-routes", "example.com/keep=me").mustSucceed()

	s.step("a table that is handed over is judged like anybody's")
	const both = "/spec/routes/0/routeAction/multi"
	const unbalanced = `{"destinations": [{"destination": {"upstream": {"name": "echo"},
"subset": {"values": {"version": "v1"}}}, "weight": 50},` +
		`{"destination": {"upstream": {"name": "echo"}, "subset": {"values": {"version": "v2"}}}, "weight": 40}]}`
	edit(`[{"op": "remove", "path": "/metadata/labels/aviary.dev~1app"},
{"op": "remove", "path": "/metadata/ownerReferences"},
{"op": "remove", "path": "/spec/routes/0/routeAction/single"},` +
		`{"op": "add", "path": "` + both + `", "value": ` + unbalanced + `}]`).mustFail("[weights-sum]")
	s.waitTraffic("echo", allToV1)
}
