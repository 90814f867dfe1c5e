package stories

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestGateWhenBothAreBroken breaks the primary and then the canary. The route stays as it is,
// because neither version could take the other's traffic.
func TestGateWhenBothAreBroken(t *testing.T) {
	t.Parallel()
	s := begin(t, "gate-both-broken")
	s.shiftHalf()
	record := s.record()
	s.step("the primary breaks, then the canary")
	s.setReady("v1", false)
	s.setReady("v2", false)
	s.step("the route stays, whatever else changes")
	began := time.Now()
	s.apply(v("v3").String()).mustSucceed()
	s.waitOwners("echo-v1", "echo-v2", "echo-v3") // By then Aviary has reconciled the app again.
	s.waitTraffic("echo", halfToV2)
	s.step("the primary recovers, and gets the canary's share at once")
	s.setReady("v1", true)
	s.waitTraffic("echo", headerV2)
	s.step("the canary recovers, and gets its weight back after 10 s")
	s.setReady("v2", true)
	recovered := time.Now()
	s.waitTraffic("echo", halfToV2)
	took := time.Since(recovered)
	t.Logf("the weight came back %s after the canary was available", took.Round(100*time.Millisecond))
	if took < 9*time.Second || took > 20*time.Second {
		t.Errorf("it must come back after 10 s, came after %s", took)
	}
	for _, e := range record.all() {
		if e.object.GetKind() == "RouteTable" && e.arrived.Before(began) && traffic(e.object) != halfToV2 {
			t.Errorf("the route must stay while both are broken, but was %q", traffic(e.object))
		}
	}
}

// TestGate has a canary that isn't ready. It gets no share of the traffic until it is.
func TestGate(t *testing.T) {
	t.Parallel()
	s := begin(t, "gate")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	sick := v("v2", "role=canary", "weight=50")
	sick.pod = map[string]string{"sim.aviary.dev/ready": "false"}
	s.apply(sick.String()).mustSucceed()
	s.waitTraffic("echo", headerV2)
	s.eventually("the RouteTable to say why", func() error {
		const want = "v1 100, v2 0 (declared 50: 0/1 ready)"
		if got := s.mustGet("routetables", "echo-routes").GetAnnotations()["aviary.dev/summary"]; got != want {
			return fmt.Errorf("its summary is %q, must be %q", got, want)
		}
		return nil
	})
	s.step("it may not be promoted, whatever its weight")
	all := sick
	all.annotations = map[string]string{"role": "canary", "weight": "100"}
	s.apply(all.String()).mustSucceed()
	all.annotations = map[string]string{"role": "primary"}
	s.apply(all.String()).mustFail("[promotion]")

	s.step("it becomes ready")
	s.apply(sick.String()).mustSucceed()
	s.kubectl("", "annotate", "pods", "-l", "version=v2", "--overwrite", "sim.aviary.dev/ready=true").mustSucceed()
	s.waitTraffic("echo", halfToV2)

	s.step("it breaks under traffic")
	s.kubectl("", "annotate", "pods", "-l", "version=v2", "--overwrite", "sim.aviary.dev/ready=false").mustSucceed()
	s.waitTraffic("echo", headerV2)
	s.eventually("no replica to be available", func() error {
		d := s.mustGet("deployments", "echo-v2")
		if n, _, _ := unstructured.NestedInt64(d.Object, "status", "availableReplicas"); n > 0 {
			return errors.New("one still is")
		}
		return nil
	})
	s.step("it recovers, and gets its traffic back after 10 s")
	s.kubectl("", "annotate", "pods", "-l", "version=v2", "--overwrite", "sim.aviary.dev/ready=true").mustSucceed()
	s.waitTraffic("echo", halfToV2)
}

// TestBrokenCanaryCarriesNothing has a canary with weight 100 and no ready Pod. The primary still
// carries all traffic, and must stay.
func TestBrokenCanaryCarriesNothing(t *testing.T) {
	t.Parallel()
	s := begin(t, "broken-canary")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	s.apply(notReady(v("v2", "role=canary", "weight=100")).String()).mustSucceed()
	s.waitTraffic("echo", headerV2)
	s.kubectl("", "scale", "deployment", "echo-v1", "--replicas=0").
		mustFail("[stranded-traffic]", "v1 carries 100 %", "when v2 is available")
	s.mustWarn("no version states primary; v1 keeps the traffic until one does",
		s.kubectl("", "annotate", "deployment", "echo-v1", "--overwrite", "aviary.dev/role=standby"))
	s.waitTraffic("echo", headerV2)
	s.step("the canary becomes ready and carries all, and may be promoted")
	s.setReady("v2", true)
	s.waitTraffic("echo", canaryAll)
	s.kubectl("", "annotate", "deployment", "echo-v2", "--overwrite", "aviary.dev/role=primary").mustSucceed()
	s.waitTraffic("echo", "/echo: v2")
}
