package stories

import "testing"

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

	s.step("a Deployment's labels and annotations are never copied: other tools would prune the siblings by them")
	s.kubectl("", "label", "deployment", "echo-v1", "argocd.argoproj.io/instance=echo").mustSucceed()
	annotate := func(annotations ...string) outcome {
		return s.kubectl("", append([]string{"annotate", "deployment", "echo-v1"}, annotations...)...)
	}
	annotate("meta.helm.sh/release-name=echo", "aviary.dev/paths=/echo,/more").mustSucceed()
	s.waitTraffic("echo", "stage=canary /echo: v3; stage=canary /more: v3; /echo: v1 90, v3 10; /more: v1 90, v3 10")
	for _, x := range siblingsOf("echo") {
		o := s.mustGet(x.resource, x.name)
		labels, annotations := o.GetLabels(), o.GetAnnotations()
		if labels["argocd.argoproj.io/instance"]+annotations["meta.helm.sh/release-name"] != "" {
			t.Errorf("%s must not have the Deployment's labels or annotations, has %v %v",
				x.resource, labels, annotations)
		}
	}
	annotate("aviary.dev/paths-").mustFail("no longer serve /more")
	annotate("aviary.dev/paths-", "aviary.dev/override=stranded-traffic: /more was never used").mustSucceed()

	s.step("a Deployment is deleted, and a finalizer holds it")
	s.mergePatch("deployment", "echo-v3", `{"metadata": {"finalizers": ["example.com/hold"]}}`).mustSucceed()
	s.kubectl("", "delete", "deployment", "echo-v3", "--wait=false").mustSucceed()
	s.waitOwners("echo-v1")
	s.waitTraffic("echo", allToV1)
	if s.mustGet("deployments", "echo-v3").GetDeletionTimestamp() == nil {
		t.Error("echo-v3 must still exist, and be in deletion")
	}
	s.mergePatch("deployment", "echo-v3", `{"metadata": {"finalizers": null}}`).mustSucceed()
	s.waitGone("deployments", "echo-v3")
}
