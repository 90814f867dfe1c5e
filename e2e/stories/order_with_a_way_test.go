package stories

import (
	"fmt"
	"strings"
	"testing"
)

// TestPortsInTwoSteps gives an app by hand another port. Whoever changes the Service or the Upstream alone is warned,
// as Gloo would find no endpoints in between; the warning says the way, which passes without one.
func TestPortsInTwoSteps(t *testing.T) {
	t.Parallel()
	s := begin(t, "ports-in-two-steps")
	s.exposeTables()
	s.applyByHand()
	service := func(ports ...int) outcome {
		var list []string
		for _, p := range ports {
			list = append(list, fmt.Sprintf(`{"name":"p%d","port":%d,"targetPort":8080}`, p, p))
		}
		return s.mergePatch("service", "echo", `{"spec":{"ports":[`+strings.Join(list, ",")+`]}}`)
	}
	upstream := func(port int, more ...string) outcome {
		patch := fmt.Sprintf(`{"spec":{"kube":{"servicePort":%d}}}`, port)
		return s.kubectl("", append([]string{"patch", "upstream", "echo", "--type=merge", "-p=" + patch}, more...)...)
	}
	service(8080).mustSucceed()

	s.step("either object alone leads nowhere, and the warning says so")
	s.mustWarn("[upstream-known]", upstream(80, "--dry-run=server"))
	s.mustWarn("[upstream-known]", service(80))
	service(8080).mustSucceed()

	s.step("both ports first, then the Upstream, then without the old one")
	for _, out := range []outcome{service(8080, 80), upstream(80), service(80)} {
		if warned := out.mustSucceed().warnings(); len(warned) > 0 {
			t.Errorf("kubectl %s must pass without a warning: %q", strings.Join(out.args, " "), warned)
		}
	}
}

// applyByHand applies an app that Aviary does not know: all of it is written by hand.
func (s *story) applyByHand() {
	s.Helper()
	files := forApp(readTestdata(s.T, "brownfield.yaml"), "echo", s.namespace)
	s.apply(replace(files, "namespace: echo}", "namespace: "+s.namespace+"}")).mustSucceed()
	s.waitAvailable("echo")
}

// TestGroupComesAndGoes routes an app by hand through an UpstreamGroup and back. The group comes before the route and
// goes after it; the other orders are told of.
func TestGroupComesAndGoes(t *testing.T) {
	t.Parallel()
	s := begin(t, "group-comes-and-goes")
	s.exposeTables()
	s.applyByHand()
	group := fmt.Sprintf(upstreamGroup, "birds", 100, s.namespace)
	direct := s.kubectl("", "get", "routetable", "by-hand", "-o", `jsonpath={.spec.routes[0].routeAction}`).
		mustSucceed().stdout
	to := func(action string) outcome {
		return s.jsonPatch("routetable", "by-hand",
			`[{"op":"replace","path":"/spec/routes/0/routeAction","value":`+action+`}]`)
	}
	grouped := fmt.Sprintf(`{"upstreamGroup":{"name":"birds","namespace":%q}}`, s.namespace)

	s.step("a route to a group that is not there is told of: until it comes, Gloo holds the whole domain")
	s.mustWarn("[freezes-others]", to(grouped))
	to(direct).mustSucceed()

	s.step("the group first, then the route")
	s.apply(group).mustSucceed()
	if warned := to(grouped).mustSucceed().warnings(); len(warned) > 0 {
		t.Errorf("a route to a group that is there must pass without a warning: %q", warned)
	}

	s.step("the group goes after the route")
	s.kubectl("", "delete", "upstreamgroup", "birds").mustFail("[upstream-in-use]", "by-hand")
	to(direct).mustSucceed()
	s.kubectl("", "delete", "upstreamgroup", "birds").mustSucceed()
}

// TestSwapPaths has two teams swap their paths. None can take the other's; each refusal says what to do first, and what
// it says passes.
func TestSwapPaths(t *testing.T) {
	t.Parallel()
	one, two := begin(t, "swaps-one"), begin(t, "swaps-two")
	one.apply(replace(one.virtualService(""), "[swaps-one]", "[swaps-one, swaps-two]")).mustSucceed()
	paths := func(s *story, paths string, more ...string) outcome {
		return s.apply(v("v1", append(more, "role=primary", "paths="+paths)...).of("swaps").String())
	}
	paths(one, "/one").mustSucceed()
	paths(two, "/two").mustSucceed()
	for _, s := range []*story{one, two} {
		s.waitAvailable("swaps-v1")
	}
	one.waitTraffic("swaps", "/one: v1")
	two.waitTraffic("swaps", "/two: v1")

	one.step("nobody takes a path that another team has")
	paths(two, "/two,/one").mustFail("[path-owned]", "swaps-one")
	paths(one, "/one,/two").mustFail("[path-owned]", "swaps-two")

	one.step("who gives a path up says that it is meant")
	const meant = "override=stranded-traffic: swapped with the other team"
	paths(one, "/meanwhile").mustFail("[stranded-traffic]", "would no longer serve /one", "aviary.dev/override")
	paths(one, "/meanwhile", meant).mustSucceed()
	one.waitTraffic("swaps", "/meanwhile: v1")

	one.step("then the other one takes it, gives its own up, and that is taken in turn")
	paths(two, "/two,/one").mustSucceed()
	paths(two, "/one", meant).mustSucceed()
	two.waitTraffic("swaps", "/one: v1")
	paths(one, "/meanwhile,/two").mustSucceed()
	paths(one, "/two", meant).mustSucceed()
	one.waitTraffic("swaps", "/two: v1")
}

// TestGroupList changes the API groups that a Namespace lists. Another order relabels nothing that is live. That the
// group of a live table goes is refused, until requests come by the other group, too.
func TestGroupList(t *testing.T) {
	t.Parallel()
	s := begin(t, "group-list", "aviary.dev/api-group=example,second")
	list := func(groups string) outcome {
		return s.kubectl("", "annotate", "namespace", "group-list", "--overwrite", "aviary.dev/api-group="+groups)
	}
	group := func() string {
		return s.kubectl("", "get", "routetable", "echo-routes", "-o", "jsonpath={.metadata.labels.apiGroup}").
			mustSucceed().stdout
	}
	s.exposeTables()
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	s.waitTraffic("echo", "/echo: v1")

	s.step("another order relabels nothing, also when the table is written again")
	list("second,example").mustSucceed()
	s.apply(v("v1", "role=primary", "paths=/echo,/more").String()).mustSucceed()
	s.waitTraffic("echo", "/echo: v1; /more: v1")
	if now := group(); now != "example" {
		t.Errorf("the table must stay in its group, is in %q", now)
	}

	s.step("a list without the live group is refused, until the other one is led to")
	list("second").mustFail("[routes-kept]", "RouteTable group-list/echo-routes")
	s.apply(replace(s.virtualService(""), "    - matchers: [{prefix: /}]\n", fmt.Sprintf(`    - matchers: [{prefix: /}]
      delegateAction: {selector: {labels: {apiGroup: second}, namespaces: [%s]}}
    - matchers: [{prefix: /}]
`, s.namespace))).mustSucceed()
	list("second").mustSucceed()
	s.eventually("the table's new group", func() error {
		if now := group(); now != "second" {
			return fmt.Errorf("it is in %q", now)
		}
		return nil
	})
}
