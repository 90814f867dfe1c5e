package stories

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestLeaveApp takes versions out of an app, by annotation and by deletion. Such a Deployment no
// longer owns the siblings.
func TestLeaveApp(t *testing.T) {
	t.Parallel()
	s := begin(t, "leaving")
	s.apply(manifestsOf(v("v1", "role=primary"), v("v2"), v("v3", "role=canary", "weight=10"))).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2", "echo-v3")
	s.waitOwners("echo-v1", "echo-v2", "echo-v3")
	s.waitTraffic("echo", "stage=canary /echo: v3; /echo: v1 90, v3 10")

	s.step("the annotation app is removed from one that has no traffic")
	s.kubectl("", "annotate", "deployment", "echo-v2", "aviary.dev/app-").mustSucceed()
	s.waitOwners("echo-v1", "echo-v3")

	s.step("labels and annotations of a Deployment are never copied, or other tools would prune the siblings")
	s.kubectl("", "label", "deployment", "echo-v1", "argocd.argoproj.io/instance=echo").mustSucceed()
	s.kubectl("", "annotate", "deployment", "echo-v1", "meta.helm.sh/release-name=echo", "aviary.dev/paths=/echo,/more").mustSucceed()
	s.waitTraffic("echo", "stage=canary /echo: v3; stage=canary /more: v3; /echo: v1 90, v3 10; /more: v1 90, v3 10")
	for _, x := range siblingsOf("echo") {
		if o := s.mustGet(x.resource, x.name); o.GetLabels()["argocd.argoproj.io/instance"]+o.GetAnnotations()["meta.helm.sh/release-name"] != "" {
			t.Errorf("%s must not have the Deployment's labels or annotations, has %v %v", x.resource, o.GetLabels(), o.GetAnnotations())
		}
	}
	s.kubectl("", "annotate", "deployment", "echo-v1", "aviary.dev/paths-").mustFail("no longer serve /more")
	s.kubectl("", "annotate", "deployment", "echo-v1", "aviary.dev/paths-", "aviary.dev/override=stranded-traffic: /more was never used").mustSucceed()

	s.step("a Deployment is deleted, and a finalizer holds it")
	s.kubectl("", "patch", "deployment", "echo-v3", "--type=merge", `-p={"metadata": {"finalizers": ["example.com/hold"]}}`).mustSucceed()
	s.kubectl("", "delete", "deployment", "echo-v3", "--wait=false").mustSucceed()
	s.waitOwners("echo-v1")
	s.waitTraffic("echo", allToV1)
	if s.mustGet("deployments", "echo-v3").GetDeletionTimestamp() == nil {
		t.Error("echo-v3 must still be there, on its way out")
	}
	s.kubectl("", "patch", "deployment", "echo-v3", "--type=merge", `-p={"metadata": {"finalizers": null}}`).mustSucceed()
	s.waitGone("deployments", "echo-v3")
}

// waitOwners waits until each sibling of app echo is owned by exactly these Deployments, none of
// which must wait for the sibling when it is deleted.
func (s *story) waitOwners(deployments ...string) {
	s.Helper()
	for _, x := range siblingsOf("echo") {
		s.eventually(x.resource+" to be owned by "+strings.Join(deployments, ", "), func() error {
			o, err := s.get(x.resource, x.name)
			if err != nil {
				return err
			}
			var names []string
			for _, owner := range o.GetOwnerReferences() {
				names = append(names, owner.Name)
				if owner.Kind != "Deployment" || owner.Controller != nil || owner.BlockOwnerDeletion != nil {
					return fmt.Errorf("%+v must be a Deployment that is no controller and waits for nothing", owner)
				}
			}
			if !slices.Equal(names, deployments) {
				return fmt.Errorf("its owners are %q", names)
			}
			return nil
		})
	}
}

// waitNoSiblings waits until none of app echo's siblings exists.
func (s *story) waitNoSiblings() {
	s.Helper()
	for _, x := range siblingsOf("echo") {
		s.waitGone(x.resource, x.name)
	}
}

// TestCascades deletes the last version of an app with each of kubectl's three kinds of cascade.
func TestCascades(t *testing.T) {
	t.Parallel()
	for _, cascade := range []string{"foreground", "background"} {
		t.Run(cascade, func(t *testing.T) {
			t.Parallel()
			s := begin(t, "cascade-"+cascade)
			s.apply(v("v1", "role=primary").String()).mustSucceed()
			s.waitTraffic("echo", allToV1)
			s.kubectl("", "delete", "deployment", "echo-v1", "--cascade="+cascade, "--timeout=60s").mustSucceed()
			s.waitNoSiblings()
		})
	}
	t.Run("orphan", func(t *testing.T) {
		t.Parallel()
		s := begin(t, "cascade-orphan")
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		s.waitAvailable("echo-v1")
		s.waitTraffic("echo", allToV1)
		before := s.siblingUIDs()
		s.kubectl("", "delete", "deployment", "echo-v1", "--cascade=orphan").mustSucceed()
		s.waitGone("deployments", "echo-v1")
		s.step("an Event says that its siblings stay as long as its Pods run")
		s.waitEvent("Orphaned", "its siblings stay")
		s.waitTraffic("echo", allToV1)
		if now := s.siblingUIDs(); now != before {
			t.Errorf("the siblings must be those of before (%s), are %s", before, now)
		}
		s.step("a Deployment that takes the Pods over takes the siblings over")
		s.apply(v("v1", "role=primary").String()).mustSucceed()
		s.waitOwners("echo-v1")
		if now := s.siblingUIDs(); now != before {
			t.Errorf("the siblings must be those of before (%s), are %s", before, now)
		}
	})
}

// TestOrphansGoWithTheirPods orphans the Pods of an app's last version and then deletes them. The
// siblings go with the Pods.
func TestOrphansGoWithTheirPods(t *testing.T) {
	t.Parallel()
	s := begin(t, "orphans-go")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitAvailable("echo-v1")
	s.waitTraffic("echo", allToV1)
	s.kubectl("", "delete", "deployment", "echo-v1", "--cascade=orphan").mustSucceed()
	s.waitEvent("Orphaned", "its siblings stay")
	s.kubectl("", "delete", "replicaset", "--all").mustSucceed()
	s.waitNoSiblings()
}

// siblingUIDs returns the UIDs of app echo's siblings.
func (s *story) siblingUIDs() string {
	s.Helper()
	var out []string
	for _, x := range siblingsOf("echo") {
		out = append(out, x.resource+" "+string(s.mustGet(x.resource, x.name).GetUID()))
	}
	return strings.Join(out, ", ")
}

// waitEvent waits for an Event in the story's namespace and returns how often it came.
func (s *story) waitEvent(reason, says string) (count int64) {
	s.Helper()
	s.eventually("an Event "+reason, func() error {
		count = s.countEvents(reason, says)
		if count == 0 {
			return fmt.Errorf("there is none that says %q", says)
		}
		return nil
	})
	return count
}

func (s *story) countEvents(reason, says string) (count int64) {
	s.Helper()
	list, err := s.objects.Resource(gvr("events")).Namespace(s.namespace).List(s.Context(), metav1.ListOptions{})
	if err != nil {
		s.Fatal(err)
	}
	for _, e := range list.Items {
		if e.Object["reason"] == reason && strings.Contains(fmt.Sprint(e.Object["note"]), says) {
			n, _, _ := unstructured.NestedInt64(e.Object, "series", "count")
			count += max(n, 1)
		}
	}
	return count
}
