package stories

import (
	"strings"
	"testing"
	"time"
)

// TestBrownfield hands an existing app over to Aviary. Its Deployment selects Pods without the
// version label, its Service is a LoadBalancer with two ports, its Upstream and RouteTable are
// hand-made. Nothing is created anew, and at every moment a route exists.
func TestBrownfield(t *testing.T) {
	t.Parallel()
	s := begin(t, "brownfield")
	s.step("the app before")
	record := s.record()
	files := forApp(readTestdata(t, "brownfield.yaml"), "echo", s.namespace)
	s.apply(files).mustSucceed()
	s.waitAvailable("echo")
	began := time.Now()
	before := map[string]string{}
	used := []sibling{{"services", "echo"}, {"upstreams", "echo"}, {"deployments", "echo"}}
	for _, x := range used {
		before[x.resource] = s.fingerprint(x)
	}
	pod := s.kubectl("", "get", "pods", "-o", "jsonpath={.items[*].metadata.uid}").mustSucceed().stdout

	s.step("without use, it is refused, and the message names use")
	annotate := func(more ...string) outcome {
		return s.kubectl("", append([]string{
			"annotate", "deployment", "echo", "aviary.dev/app=echo", "aviary.dev/version=v1", "aviary.dev/role=primary",
		}, more...)...)
	}
	annotate().mustFail("[sibling-collision]", "aviary.dev/use: service", "aviary.dev/use: upstream")
	s.step("with use, what doesn't fit is named")
	annotate("aviary.dev/use=service,upstream", "aviary.dev/port=81").
		mustFail("[sibling-collision]", "it has no port 81 (set aviary.dev/port to one of [8080 9090])")

	s.step("with use and what fits, the objects are adopted")
	out := annotate("aviary.dev/use=service,upstream", "aviary.dev/port=8080", "aviary.dev/paths=/echo").mustSucceed()
	t.Logf("it warns: %q", out.warnings())
	s.waitTraffic("echo", allToV1)
	s.step("only now that Aviary's RouteTable exists, the hand-made one is deleted")
	s.kubectl("", "delete", "routetable", "by-hand").mustSucceed()
	s.waitTraffic("echo", allToV1)
	s.step("nothing was created anew or written")
	for _, x := range used[:2] {
		if now := s.fingerprint(x); now != before[x.resource] {
			t.Errorf("%s %s must not be written: it was %s, is %s", x.resource, x.name, before[x.resource], now)
		}
	}
	if now := s.kubectl("", "get", "pods", "-o", "jsonpath={.items[*].metadata.uid}").mustSucceed().stdout; now != pod {
		t.Errorf("the Pods must be those of before: %s, are %s", pod, now)
	}
	if uid := string(s.mustGet("deployments", "echo").GetUID()); !strings.Contains(before["deployments"], uid) {
		t.Error("the Deployment was created anew")
	}

	s.step("a rollout until the old Deployment is deleted")
	for _, x := range []struct{ role, traffic string }{
		{"role=standby", allToV1}, {"weight=50", halfToV2}, {"weight=100", canaryAll}, {"role=primary", allToV2},
	} {
		s.apply(v("v2", "role=canary", x.role, "use=service,upstream", "port=8080").String()).mustSucceed()
		s.waitAvailable("echo-v2")
		s.waitTraffic("echo", x.traffic)
	}
	s.kubectl("", "delete", "deployment", "echo").mustSucceed()
	s.waitTraffic("echo", allToV2)
	record.mustNeverRouteToDeleted()
	record.mustAlwaysServe("/echo", began)

	s.step("when the app is deleted, what it used stays")
	s.kubectl("", "delete", "deployment", "echo-v2").mustSucceed()
	s.waitGone("routetables", "echo-routes")
	for _, x := range used[:2] {
		if now := s.fingerprint(x); now != before[x.resource] {
			t.Errorf("%s %s must stay: it was %s, is %s", x.resource, x.name, before[x.resource], now)
		}
	}
}
