package stories

import "testing"

// TestPutBack deletes and edits siblings by hand. Aviary warns and restores them, and keeps foreign
// annotations.
func TestPutBack(t *testing.T) {
	t.Parallel()
	s := begin(t, "put-back")
	s.rolloutTo("weight=50")
	const warning = "puts it back; change the aviary.dev/ annotations of the app's Deployments instead"
	for _, sibling := range []string{"service/echo", "upstream/echo", "routetable/echo-routes"} {
		s.step("%s is deleted", sibling)
		s.mustWarn(warning, s.kubectl("", "delete", sibling))
		s.waitSiblings(seed(t, "echo", s.namespace, 4))
	}
	s.waitEvent("Restored", "somebody deleted it")
	s.step("they are edited")
	const destinations = "/spec/routes/1/routeAction/multi/destinations/"
	s.mustWarn(warning, s.jsonPatch("routetable", "echo-routes", `[
		{"op": "replace", "path": "`+destinations+`0/weight", "value": 40},
		{"op": "replace", "path": "`+destinations+`1/weight", "value": 60},
		{"op": "add", "path": "/spec/routes/1/options", "value": {"timeout": "5s"}}]`))
	s.mustWarn(warning, s.mergePatch("upstream", "echo", `{"spec": {"useHttp2": true, "kube": {"servicePort": 81}}}`))
	s.mustWarn(warning, s.mergePatch("service", "echo",
		`{"spec": {"selector": {"app": "fox"}}, "metadata": {"annotations": {"example.com/keep": "me"}}}`))
	s.waitSiblings(seed(t, "echo", s.namespace, 4))
	s.waitEvent("Restored", "somebody changed it")
	if s.mustGet("services", "echo").GetAnnotations()["example.com/keep"] != "me" {
		t.Error("a foreign annotation must stay")
	}
}
