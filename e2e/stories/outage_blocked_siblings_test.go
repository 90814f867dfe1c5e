package stories

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// TestBlocked runs Aviary without Gloo's CRDs, and then without a permission. Deployments are
// admitted with a warning, and one Event and a metric say why their siblings are missing. Once the
// cause is gone, the siblings come without anybody's help.
func TestBlocked(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, controlplane.Options{})
	p.install(t, aviary.Options{WithoutCRDs: true})

	s := beginOn(t, p, "blocked")
	s.step("Gloo's kinds are missing")
	s.mustBeBlocked("echo", "install Gloo's CRDs", "NotServed")
	s.step("they are installed")
	if err := p.aviary.ApplyCRDs(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.waitTraffic("echo", allToV1)

	s.step("the permission to write RouteTables is missing")
	granted := s.mustRead("get", "clusterrole", "aviary", "-o", "json")
	restricted := granted.DeepCopy()
	rules, _, _ := unstructured.NestedSlice(restricted.Object, "rules")
	rules = slices.DeleteFunc(rules, func(rule any) bool {
		text := fmt.Sprint(rule)
		return strings.Contains(text, "routetables") && strings.Contains(text, "create")
	})
	if err := unstructured.SetNestedSlice(restricted.Object, rules, "rules"); err != nil {
		t.Fatal(err)
	}
	s.replaceObject(restricted)
	s.mustBeBlocked("fox", "Aviary may not create routetables.gateway.solo.io", "Forbidden")
	s.step("it is granted")
	s.replaceObject(granted)
	s.waitTraffic("fox", "/fox: v1")

	s.step("Gloo's kinds go while Aviary runs")
	pid, lines := p.aviary.PID(), strings.Count(p.aviary.Logs(), "\n")
	s.kubectl("", "delete", "crd", "routetables.gateway.solo.io", "upstreams.gloo.solo.io").mustSucceed()
	s.eventually("a warning that they are gone", func() error {
		out := s.apply(v("v1", "role=primary", "port=81").String(), "--dry-run=server").mustSucceed()
		if text := strings.Join(out.warnings(), "\n"); !strings.Contains(text, "install Gloo's CRDs") {
			return fmt.Errorf("it warns %q", text)
		}
		return nil
	})
	s.step("and come back")
	if err := p.aviary.ApplyCRDs(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.waitTraffic("echo", allToV1)
	s.waitTraffic("fox", "/fox: v1")
	if p.aviary.PID() != pid || !p.aviary.Alive() {
		t.Error("Aviary must be the same process all along")
	}
	if more := strings.Count(p.aviary.Logs(), "\n") - lines; more > 100 {
		t.Errorf("Aviary logged %d lines about it, must be few:\n%s", more, p.aviary.LogTail(20))
	}
}

// mustBeBlocked applies an app and expects a warning, one Event and a metric that say why its
// siblings can't be written.
func (s *story) mustBeBlocked(app, warning, reason string) {
	s.Helper()
	s.eventually("a warning of "+warning, func() error {
		out := s.apply(v("v1", "role=primary").of(app).String(), "--dry-run=server").mustSucceed()
		text := strings.Join(out.warnings(), "\n")
		if !containsAll(text, []string{"Aviary can't keep this app's siblings now: ", warning}) {
			return fmt.Errorf("it warns %q", text)
		}
		return nil
	})
	s.apply(v("v1", "role=primary").of(app).String()).mustSucceed()
	if n := s.waitEvent("SiblingsHindered", "app "+app+" has not all of its siblings"); n != 1 {
		s.Errorf("there must be one Event, are %d", n)
	}
	s.eventually("a metric", func() error {
		metrics, err := s.aviary.Metrics(s.Context())
		if err == nil && metrics.Sum("aviary_expander_hindered_total", "reason", reason) == 0 {
			err = fmt.Errorf("there is none of reason %s", reason)
		}
		return err
	})
	s.apply(v("v2").of(app).String()).mustSucceed() // Which makes Aviary look at the app again.
	s.mustGet("services", app)
	if n := s.countEvents("SiblingsHindered", "app "+app+" has not all of its siblings"); n != 1 {
		s.Errorf("there must still be one Event, are %d", n)
	}
}
