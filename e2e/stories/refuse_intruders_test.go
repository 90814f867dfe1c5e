package stories

import (
	"fmt"
	"testing"
)

// TestIntruders has workloads without annotations whose Pods have the labels of a version, so that they get its
// traffic. A warning says so when they come, and they don't stand in for the version.
func TestIntruders(t *testing.T) {
	t.Parallel()
	s := begin(t, "intruders")
	team := s.tenant("intruders-team")
	s.shiftHalf()
	intruder := func(kind, version string) string { return fmt.Sprintf(intruding, kind, version) }
	const joins = "[version-unique] its Pods get traffic of v1 of app echo, which is Deployment echo-v1"

	s.step("when they come; a control: a version of their own")
	for _, kind := range []string{"Deployment", "DaemonSet"} {
		s.mustWarn(joins, team.apply(intruder(kind, "v1"), "--dry-run=server"))
		if warned := team.apply(intruder(kind, "v8"), "--dry-run=server").mustSucceed().warnings(); len(warned) > 0 {
			t.Errorf("a %s with a version of its own may come, warns: %q", kind, warned)
		}
	}
	team.apply(intruder("DaemonSet", "v1")).mustSucceed()
	s.eventually("the version's Deployment to be told", func() error {
		out := team.kubectl("", "set", "image", "deployment/echo-v1", "echo=next", "--dry-run=server").mustSucceed()
		if warned := fmt.Sprint(out.warnings()); !containsAll(warned, []string{"the Pods of DaemonSet intruder"}) {
			return fmt.Errorf("it warns: %s", warned)
		}
		return nil
	})

	s.step("with one in its place the version may not go before its traffic, and it may go itself")
	team.kubectl("", "delete", "deployment", "echo-v1").mustFail("[stranded-traffic] v1 carries 50 %")
	team.kubectl("", "scale", "deployment", "echo-v1", "--replicas=0").mustFail("[stranded-traffic] v1 carries 50 %")
	if warned := team.kubectl("", "delete", "daemonset", "intruder").mustSucceed().warnings(); len(warned) > 0 {
		t.Errorf("an intruder may go, warns: %q", warned)
	}
	s.waitTraffic("echo", halfToV2)
}

// intruding is a workload without annotations, of a kind and with a version of app echo.
const intruding = `
apiVersion: apps/v1
kind: %s
metadata: {name: intruder}
spec:
  selector: {matchLabels: {x: intruder}}
  template:
    metadata: {labels: {app: echo, version: %s, x: intruder}}
    spec: {containers: [{name: c, image: i, ports: [{containerPort: 8080}]}]}
`
