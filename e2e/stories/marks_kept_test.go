package stories

import (
	"fmt"
	"testing"
)

const (
	appLabel       = "aviary.dev/app"
	managedByLabel = "app.kubernetes.io/managed-by"
	// handedOver is what kubectl patch takes both marks away by.
	handedOver = `[{"op": "remove", "path": "/metadata/labels/aviary.dev~1app"},
{"op": "remove", "path": "/metadata/ownerReferences"}]`
)

// TestKeptMarks has others write on the marks of siblings. What Aviary keeps it corrects: a chart's word that Helm
// manages it stays and takes nothing away, and the label and the owners come back.
func TestKeptMarks(t *testing.T) {
	t.Parallel()
	s := begin(t, "marks-kept")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitTraffic("echo", allToV1)
	s.waitOwners("echo-v1")
	before := s.siblingUIDs()
	const putsBack = "puts it back"

	s.step("a chart has a Service of that name, with a selector of its own, and Helm's label")
	s.mustWarn(putsBack, s.apply(`
apiVersion: v1
kind: Service
metadata: {name: echo, labels: {app.kubernetes.io/managed-by: Helm}}
spec: {selector: {app.kubernetes.io/name: echo}, ports: [{port: 80, targetPort: http}]}
`))
	s.waitSelector(`map[app:echo]`)
	for _, x := range siblingsOf("echo")[1:] {
		s.kubectl("", "label", x.resource, x.name, managedByLabel+"=Helm", "--overwrite").mustSucceed()
	}
	s.mustWarn(putsBack, s.mergePatch("upstream", "echo", `{"spec": {"kube": {"servicePort": 81}}}`))
	s.apply(v("v2", "role=canary", "weight=50").String()).mustSucceed()
	s.waitAvailable("echo-v2")
	s.waitTraffic("echo", halfToV2)
	s.waitOwners("echo-v1", "echo-v2")
	for _, x := range siblingsOf("echo") {
		s.waitLabels(x, "Helm")
	}

	s.step("the label is taken away, or says another app")
	for _, x := range siblingsOf("echo") {
		s.mustWarn(putsBack, s.kubectl("", "label", x.resource, x.name, appLabel+"-"))
		s.waitLabels(x, "Helm")
		s.mustWarn(putsBack, s.kubectl("", "label", x.resource, x.name, appLabel+"=fox", "--overwrite"))
		s.waitLabels(x, "Helm")
		s.mustWarn(putsBack, s.kubectl("", "label", x.resource, x.name, appLabel+"-", managedByLabel+"-"))
		s.waitLabels(x, "aviary")
	}

	s.step("the owners are removed")
	for _, x := range siblingsOf("echo") {
		s.jsonPatch(x.resource, x.name, `[{"op": "remove", "path": "/metadata/ownerReferences"}]`).mustSucceed()
	}
	s.waitOwners("echo-v1", "echo-v2")
	s.waitTraffic("echo", halfToV2)
	if now := s.siblingUIDs(); now != before {
		t.Errorf("the siblings must be those of before (%s), are %s", before, now)
	}
	for _, reason := range []string{"SiblingCollision", "Orphaned"} {
		if n := s.countEvents(reason, ""); n != 0 {
			t.Errorf("there are %d Events %s", n, reason)
		}
	}
}

// waitLabels waits until a sibling says that it is of app echo, and who manages it.
func (s *story) waitLabels(x sibling, managedBy string) {
	s.Helper()
	s.eventually(x.resource+" to have its labels", func() error {
		o, err := s.get(x.resource, x.name)
		if err != nil {
			return err
		}
		if labels := o.GetLabels(); labels[appLabel] != "echo" || labels[managedByLabel] != managedBy {
			return fmt.Errorf("they are %v", labels)
		}
		return nil
	})
}

// waitSelector waits until Service echo has a selector.
func (s *story) waitSelector(want string) {
	s.Helper()
	s.eventually("the Service to select "+want, func() error {
		o, err := s.get("services", "echo")
		if err != nil {
			return err
		}
		spec, _ := o.Object["spec"].(map[string]any)
		if got := fmt.Sprint(spec["selector"]); got != want {
			return fmt.Errorf("it selects %s", got)
		}
		return nil
	})
}
