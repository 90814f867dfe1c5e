package stories

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
)

// TestBlocked runs Aviary without Gloo's CRDs, and then without a permission. Deployments are
// admitted with a warning, and one Event and a metric say why their siblings are missing. Once the
// cause is gone, the siblings come without anybody's help.
func TestBlocked(t *testing.T) {
	t.Parallel()
	var metrics string
	p := ownPlane(t, func(p *plane) aviary.Options {
		metrics = net.JoinHostPort(p.ServiceIP(10), "8080")
		return aviary.Options{WithoutCRDs: true, Args: []string{"--metrics-address=" + metrics}}
	})

	s := beginOn(t, p, "hindered")
	s.step("Gloo's kinds are missing")
	s.mustBeBlocked("echo", "install Gloo's CRDs", metrics, "NotServed")
	s.step("they are installed")
	if err := p.aviary.ApplyCRDs(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.waitTraffic("echo", allToV1)

	s.step("the permission to write RouteTables is missing")
	whole := s.mustRead("get", "clusterrole", "aviary", "-o", "json")
	crippled := whole.DeepCopy()
	rules, _, _ := unstructured.NestedSlice(crippled.Object, "rules")
	rules = slices.DeleteFunc(rules, func(rule any) bool {
		text := fmt.Sprint(rule)
		return strings.Contains(text, "routetables") && strings.Contains(text, "create")
	})
	if err := unstructured.SetNestedSlice(crippled.Object, rules, "rules"); err != nil {
		t.Fatal(err)
	}
	s.replaceObject(crippled)
	s.mustBeBlocked("fox", "Aviary may not create routetables.gateway.solo.io", metrics, "Forbidden")
	s.step("it is granted")
	s.replaceObject(whole)
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

func (s *story) mustRead(args ...string) *unstructured.Unstructured {
	s.Helper()
	return decode(s.T, s.kubectl("", args...).mustSucceed().stdout)[0]
}

// replaceObject writes a whole object, even if it has changed since it was read.
func (s *story) replaceObject(o *unstructured.Unstructured) {
	s.Helper()
	o.SetResourceVersion("")
	json, err := o.MarshalJSON()
	if err != nil {
		s.Fatal(err)
	}
	s.kubectl(string(json), "replace", "-f", "-").mustSucceed()
}

// mustBeBlocked applies an app and expects a warning, one Event and a metric that say why its
// siblings can't be written.
func (s *story) mustBeBlocked(app, warning, metrics, reason string) {
	s.Helper()
	s.eventually("a warning of "+warning, func() error {
		out := s.apply(v("v1", "role=primary").of(app).String(), "--dry-run=server").mustSucceed()
		if text := strings.Join(out.warnings(), "\n"); !strings.Contains(text, "Aviary can't keep this app's siblings now: ") || !strings.Contains(text, warning) {
			return fmt.Errorf("it warns %q", text)
		}
		return nil
	})
	s.apply(v("v1", "role=primary").of(app).String()).mustSucceed()
	if n := s.waitEvent("SiblingsHindered", "app "+app+" has not all of its siblings"); n != 1 {
		s.Errorf("there must be one Event, are %d", n)
	}
	s.eventually("a metric", func() error {
		response, err := http.Get("http://" + metrics + "/metrics")
		if err != nil {
			return err
		}
		defer response.Body.Close() //nolint:errcheck // because it was only read.
		text, err := io.ReadAll(response.Body)
		if err == nil && !strings.Contains(string(text), `aviary_expander_hindered_total{reason="`+reason+`"}`) {
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
