package stories

import "testing"

// TestTakenOver takes the Service and the Upstream away from Aviary, which had created them.
func TestTakenOver(t *testing.T) {
	t.Parallel()
	s := begin(t, "taken-over")
	s.apply(v("v1", "role=primary").String()).mustSucceed()
	s.waitTraffic("echo", allToV1)
	use := v("v1", "role=primary", "use=service,upstream").String()
	s.apply(use).mustFail("[sibling-collision]", "it is Aviary's own")
	s.step("the mark alone is not all that ties them to Aviary's Deployments")
	mine := []sibling{{"services", "echo"}, {"upstreams", "echo"}}
	for _, x := range mine {
		s.kubectl("", "label", x.resource, x.name, "app.kubernetes.io/managed-by-").mustSucceed()
	}
	s.apply(use).mustFail("[sibling-collision]", "it would go with the Deployment that owns it")
	for _, x := range mine {
		s.kubectl("", "patch", x.resource, x.name, "--type=json", `-p=[{"op": "remove", "path": "/metadata/ownerReferences"}]`).mustSucceed()
	}
	s.apply(use).mustSucceed()
	s.waitTraffic("echo", allToV1)
	s.step("the app goes, they stay")
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	s.waitGone("routetables", "echo-routes")
	for _, x := range mine {
		if o := s.mustGet(x.resource, x.name); len(o.GetOwnerReferences()) > 0 || o.GetDeletionTimestamp() != nil {
			t.Errorf("%s %s must be nobody's: %v", x.resource, x.name, o.Object["metadata"])
		}
	}
}
