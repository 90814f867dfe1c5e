package stories

import "testing"

// TestHandOver hands the Service and the Upstream over to a chart, as docs/operate.md says, and takes them back.
func TestHandOver(t *testing.T) {
	t.Parallel()
	s := begin(t, "marks-hand-over")
	s.shiftHalf()
	s.waitOwners("echo-v1", "echo-v2")
	before := s.siblingUIDs()
	handed := siblingsOf("echo")[:2]

	s.step("both marks are taken away in one request: nobody puts them back, and an Event says what is in the way")
	for _, x := range handed {
		out := s.jsonPatch(x.resource, x.name, handedOver).mustSucceed()
		if warns := out.warnings(); len(warns) > 0 {
			t.Errorf("it must not warn: %q", warns)
		}
	}
	s.waitEvent("SiblingCollision", "this one is not Aviary's")
	s.apply(v("v3", "role=standby").String()).mustFail("[sibling-collision]", "aviary.dev/use: service")

	s.step("the app uses them")
	for _, version := range []string{"echo-v1", "echo-v2"} {
		s.kubectl("", "annotate", "deployment", version, "aviary.dev/use=service,upstream").mustSucceed()
	}
	for _, x := range handed {
		s.kubectl("", "label", x.resource, x.name, managedByLabel+"=Helm", "--overwrite").mustSucceed()
		s.kubectl("", "annotate", x.resource, x.name, "meta.helm.sh/release-name=echo").mustSucceed()
	}
	theirs := []string{s.fingerprint(handed[0]), s.fingerprint(handed[1])}
	s.kubectl("", "annotate", "--overwrite", "deployment", "echo-v2", "aviary.dev/weight=100").mustSucceed()
	s.waitTraffic("echo", canaryAll)
	for i, x := range handed {
		if now := s.fingerprint(x); now != theirs[i] {
			t.Errorf("%s must not change: it was %s, is %s", x.resource, theirs[i], now)
		}
	}

	s.step("and back: the label first, then the annotation")
	for _, x := range handed {
		s.kubectl("", "label", x.resource, x.name, appLabel+"=echo").mustSucceed()
	}
	s.kubectl("", "annotate", "deployment", "echo-v1", "echo-v2", "aviary.dev/use-").mustSucceed()
	s.waitOwners("echo-v1", "echo-v2")
	s.waitTraffic("echo", canaryAll)
	s.mustWarn("puts it back", s.mergePatch("service", "echo", `{"spec": {"selector": {"app": "fox"}}}`))
	s.waitSelector(`map[app:echo]`)
	for _, x := range handed {
		s.waitLabels(x, "Helm")
	}
	if now := s.siblingUIDs(); now != before {
		t.Errorf("the siblings must be those of before (%s), are %s", before, now)
	}
}
