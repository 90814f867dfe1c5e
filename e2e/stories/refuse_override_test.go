package stories

import (
	"strings"
	"testing"
	"time"
)

// mayOverride returns the right to override the named rules.
func mayOverride(rules ...string) string {
	return "override rules#" + strings.Join(rules, ".aviary.dev rules#") + ".aviary.dev"
}

// TestOverride breaks rules with an override, as a user who may do that and as one who may not.
func TestOverride(t *testing.T) {
	t.Parallel()
	s := begin(t, "override")
	may := s.user("may-override", mayDeploy, mayScale, mayExpand,
		mayOverride("promotion", "stranded-traffic", "sibling-collision"))
	mayNot := s.user("may-not-override", mayDeploy, mayScale, mayExpand)
	lacks := func(rule string) string {
		return "the override has no effect: may-not-override lacks the verb override on rules.aviary.dev/" + rule
	}
	overridden := func(out outcome, rule string) {
		t.Helper()
		s.mustWarn("["+rule+"] overridden (INC-42): ", out)
	}
	s.shiftHalf()

	s.step("an UPDATE, in the request that adds the annotation")
	promote := v("v2", "role=primary", "override=promotion: INC-42").String()
	mayNot.apply(v("v2", "role=primary").String()).mustFail("[promotion]")
	mayNot.apply(promote).mustFail("[promotion]", lacks("promotion"))
	may.apply(promote, "--dry-run=server").mustSucceed()
	overridden(may.apply(promote), "promotion")
	s.waitEvent("Overridden", "may-override overrode promotion: INC-42")
	s.waitTraffic("echo", allToV2)

	s.step("a DELETE and a scaling, within the hour")
	s.apply(v("v1", "role=standby").String()).mustSucceed()
	remove := []string{"delete", "deployment", "echo-v2"}
	toZero := []string{"scale", "deployment", "echo-v2", "--replicas=0"}
	for _, args := range [][]string{remove, toZero} {
		may.kubectl("", args...).mustFail("[stranded-traffic]") // The present override names another rule.
	}
	annotation := "aviary.dev/override=stranded-traffic: INC-42"
	may.kubectl("", "annotate", "--overwrite", "deployment", "echo-v2", annotation).mustSucceed()
	mayNot.kubectl("", toZero...).mustFail("[stranded-traffic]", lacks("stranded-traffic"))
	overridden(may.kubectl("", toZero...), "stranded-traffic")
	may.kubectl("", "scale", "deployment", "echo-v2", "--replicas=1").mustSucceed()
	s.waitAvailable("echo-v2")
	mayNot.kubectl("", remove...).mustFail("[stranded-traffic]", lacks("stranded-traffic"))
	overridden(may.kubectl("", remove...), "stranded-traffic")

	s.step("not when the hour is over")
	old := time.Now().Add(-61 * time.Minute).UTC().Format(time.RFC3339)
	s.apply(manifestsOf(v("v1", "role=primary", "override=stranded-traffic: INC-42", "overridden-at="+old).of("old"),
		v("v2", "role=standby").of("old"))).mustSucceed()
	s.waitTraffic("old", "/old: v1")
	may.kubectl("", "delete", "deployment", "old-v1").mustFail("[stranded-traffic]")
	may.kubectl("", "scale", "deployment", "old-v1", "--replicas=0").mustFail("[stranded-traffic]")
}

// TestOverrideNames tries to override rules that don't exist, or that can't be overridden.
func TestOverrideNames(t *testing.T) {
	t.Parallel()
	s := begin(t, "override-names")
	s.shiftHalf()
	override := func(value string) string { return v("v2", "role=primary", "override="+value).String() }

	s.step("an unknown rule")
	out := s.apply(override("promotoin: INC-42")).mustFail("[promotion]")
	text := strings.Join(out.warnings(), "\n")
	if !strings.Contains(text, "names promotoin, which is no rule; did you mean promotion?") {
		t.Errorf("it must warn of the name, warns: %q", text)
	}
	s.step("an unknown rule, where nothing is refused")
	out = s.apply(v("v2", "role=canary", "weight=50", "override=promotoin: INC-42").String())
	s.mustWarn("names promotoin, which is no rule", out)
	s.step("no reason, no override")
	s.apply(override("promotion")).mustFail("[annotations-valid]", "aviary.dev/override")

	s.step("rules about what Aviary itself writes are never overridden")
	s.kubectl("", "create", "service", "clusterip", "taken", "--tcp=80:8080").mustSucceed()
	const never = "no override lowers this rule"
	s.apply(v("v1", "role=primary", "override=sibling-collision: INC-42").of("taken").String()).
		mustFail("[sibling-collision]", never)
	deployer := s.user("only-deploys", mayDeploy, mayOverride("may-expand"))
	deployer.apply(v("v1", "role=primary", "override=may-expand: INC-42").of("fresh").String()).
		mustFail("[may-expand]", never)
}
