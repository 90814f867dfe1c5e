package stories

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/nodes"
)

// The traffic of app echo in the steps of a rollout.
const (
	allToV1   = "/echo: v1"
	allToV2   = "/echo: v2"
	v2At0     = "/echo: v1 100, v2 0"
	headerV2  = "stage=canary /echo: v2; /echo: v1 100, v2 0"
	halfToV2  = "stage=canary /echo: v2; /echo: v1 50, v2 50"
	canaryAll = "stage=canary /echo: v2; /echo: v1 0, v2 100"
)

// rolloutSteps are the steps of a rollout of v2: an annotation of its Deployment, and the traffic
// that follows.
var rolloutSteps = []struct{ annotation, traffic string }{
	{"role=standby", allToV1},
	{"weight=0", headerV2},
	{"weight=50", halfToV2},
	{"weight=100", canaryAll},
	{"role=primary", allToV2},
}

// rolloutTo rolls v2 out as far as the given step, and waits for the RouteTable after each.
func (s *story) rolloutTo(last string) {
	s.Helper()
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitTraffic("echo", allToV1)
	for _, step := range rolloutSteps {
		s.apply(v("v2", "role=canary", step.annotation).String()).mustSucceed()
		s.waitAvailable("echo-v1", "echo-v2")
		s.waitTraffic("echo", step.traffic)
		if step.annotation == last {
			return
		}
	}
	s.Fatalf("%s is no step of a rollout", last)
}

// shiftHalf applies an app whose canary v2 has half of the traffic.
func (s *story) shiftHalf() {
	s.Helper()
	s.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=50"))).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2")
	s.waitTraffic("echo", halfToV2)
}

// waitTraffic waits until the app's RouteTable sends traffic as wanted.
func (s *story) waitTraffic(app, want string) {
	s.Helper()
	s.eventually(fmt.Sprintf("%s to send %q", app, want), func() error {
		table, err := s.get("routetables", app+"-routes")
		if err != nil {
			return err
		}
		if got := traffic(table); got != want {
			return fmt.Errorf("it sends %q", got)
		}
		return nil
	})
}

// waitAvailable waits until each Deployment has an available replica.
func (s *story) waitAvailable(deployments ...string) {
	s.Helper()
	for _, name := range deployments {
		s.eventually(name+" to be available", func() error {
			d, err := s.get("deployments", name)
			if err != nil {
				return err
			}
			if n, _, _ := unstructured.NestedInt64(d.Object, "status", "availableReplicas"); n == 0 {
				return fmt.Errorf("it has no available replica")
			}
			return nil
		})
	}
}

// setReady sets whether the Pods of a version of app echo are ready, and waits for the effect.
func (s *story) setReady(version string, ready bool) {
	s.Helper()
	annotation := fmt.Sprintf("%s=%t", nodes.ReadyAnnotation, ready)
	s.kubectl("", "annotate", "pods", "-l", "app=echo,version="+version, "--overwrite", annotation).mustSucceed()
	s.eventually(fmt.Sprintf("the Pods of %s to be ready: %t", version, ready), func() error {
		d := s.mustGet("deployments", "echo-"+version)
		n, _, _ := unstructured.NestedInt64(d.Object, "status", "availableReplicas")
		if (n > 0) != ready {
			return fmt.Errorf("%d are available", n)
		}
		return nil
	})
}

// notReady returns the version with Pods that don't become ready by themselves, as where pulling an
// image takes longer than kubectl apply.
func notReady(v version) version {
	v.pod = map[string]string{nodes.ReadyAnnotation: "false"}
	return v
}
