package stories

import (
	"fmt"
	"strings"
	"testing"
)

// theft is a matcher in a table of another namespace than the one that has /victim.
type theft struct {
	what    string
	matcher string
	spec    string // More of the table's spec.
	refused string // The rule that refuses it; empty if it is admitted.
	warned  bool   // path-owned warns of it.
}

// thefts are the ways in which a table takes /victim of another namespace, or leaves it alone.
var thefts = []theft{
	{what: "the same prefix", matcher: "{prefix: /victim}", refused: "path-owned"},
	{what: "the prefix with a slash", matcher: "{prefix: /victim/}", refused: "path-owned"},
	{what: "exactly it", matcher: "{exact: /victim}", refused: "path-owned"},
	{what: "a path beneath", matcher: "{prefix: /victim/login}", warned: true},
	{what: "a regex on it", matcher: `{regex: "/victim.*"}`, refused: "path-owned"},
	{what: "a regex on everything", matcher: `{regex: "/.*"}`, refused: "path-owned"},
	{what: "a regex whatever the case", matcher: `{regex: "(?i)/victim.*"}`, refused: "parent-accepts"},
	{what: "a regex with a method", matcher: `{regex: "/victim.*", methods: [GET]}`, refused: "path-owned"},
	{what: "half of its word with methods", matcher: "{prefix: /vict, methods: [GET, POST]}", refused: "table-priority"},
	{what: "everything with a method", matcher: "{prefix: /, methods: [GET]}", refused: "table-priority"},
	{what: "everything before everybody", matcher: "{prefix: /}", spec: "weight: -1", refused: "path-owned"},
	{what: "with a header", matcher: "{prefix: /victim, headers: [{name: x, value: z}]}", refused: "path-owned"},
	{what: "with a query", matcher: `{prefix: /victim, queryParameters: [{name: x, value: "1"}]}`, refused: "path-owned"},
	{what: "without one", matcher: "{prefix: /victim, headers: [{name: x, invertMatch: true}]}", refused: "path-owned"},

	{what: "another path", matcher: "{prefix: /another}"},
	{what: "a regex on another path", matcher: `{regex: "/another.*"}`},
	{what: "a longer word", matcher: "{prefix: /victiming}"},
	{what: "everything after everybody", matcher: "{prefix: /}", spec: "weight: 1"},
	{what: "a method on another path", matcher: "{prefix: /another, methods: [GET]}"},
}

// TestPathTheft has a team try every way in which Gloo would give it the requests to another team's
// path: by a table of its own, and by what an app asks Aviary to write. None passes without a word, and what takes
// nothing passes.
func TestPathTheft(t *testing.T) {
	t.Parallel()
	s := begin(t, "robbed")
	thief := begin(t, "thief")
	s.apply(replace(s.virtualService(""), "namespaces: [robbed]", "namespaces: [robbed, thief]")).mustSucceed()
	s.apply(v("v1", "role=primary").of("victim").String()).mustSucceed()
	s.waitAvailable("victim-v1")
	s.waitTraffic("victim", "/victim: v1")

	thief.step("by a table made by hand")
	for _, try := range thefts {
		t.Run(try.what, func(t *testing.T) {
			inner := *thief
			inner.T = t
			out := inner.apply(fmt.Sprintf(stealing, try.spec, try.matcher), "--dry-run=server")
			if try.refused != "" {
				out.mustFail("[" + try.refused + "]")
				return
			}
			warned := strings.Join(out.mustSucceed().warnings(), "\n")
			if strings.Contains(warned, "[path-owned]") != try.warned {
				t.Errorf("it must warn of a path of another's: %t, warns: %s", try.warned, warned)
			}
		})
	}
	thief.step("by the paths of an app")
	for _, path := range []string{"/victim", "=/victim", "~/victim.*", "~/.*", "/victim/"} {
		thief.apply(v("v1", "role=primary", "paths="+path).of("taker").String(), "--dry-run=server").
			mustFail("[path-owned]", "aviary.dev/paths", "robbed")
	}
	thief.mustWarn("[path-owned]",
		thief.apply(v("v1", "role=primary", "paths=/victim/x").of("taker").String(), "--dry-run=server"))
	thief.apply(v("v1", "role=primary", "paths=/victims").of("taker").String(), "--dry-run=server").mustSucceed()
}

// stealing is a table that answers by itself.
const stealing = `apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: stolen, labels: {apiGroup: example}}
spec:
  %s
  routes:
  - matchers: [%s]
    directResponseAction: {status: 200}
`
