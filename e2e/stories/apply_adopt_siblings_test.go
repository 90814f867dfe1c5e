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
	s.step("the label alone comes back, as an app's Deployment owns them")
	mine := []sibling{{"services", "echo"}, {"upstreams", "echo"}}
	for _, x := range mine {
		s.mustWarn("puts it back", s.kubectl("", "label", x.resource, x.name, appLabel+"-"))
		s.waitLabels(x, "aviary")
	}
	s.apply(use).mustFail("[sibling-collision]", "it is Aviary's own",
		"remove its label aviary.dev/app and its ownerReferences")
	for _, x := range mine {
		s.jsonPatch(x.resource, x.name, handedOver).mustSucceed()
	}
	s.apply(use).mustSucceed()
	s.waitTraffic("echo", allToV1)
	s.step("the app is deleted, they stay")
	s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
	s.waitGone("routetables", "echo-routes")
	for _, x := range mine {
		if o := s.mustGet(x.resource, x.name); len(o.GetOwnerReferences()) > 0 || o.GetDeletionTimestamp() != nil {
			t.Errorf("%s %s must have no owner: %v", x.resource, x.name, o.Object["metadata"])
		}
	}
}
