package stories

import (
	"slices"
	"strings"
	"testing"
)

// TestLessThanTheSeed applies Deployments without all that may be left out: the selector, all
// labels, and the role of an app's only version.
func TestLessThanTheSeed(t *testing.T) {
	t.Parallel()
	s := begin(t, "less-than-the-seed")

	s.step("no selector, no labels: an app, a group and a container with a port are enough")
	warned := s.apply(v("v1", "api-group=example").String()).mustSucceed().warnings()
	if !slices.ContainsFunc(warned, func(w string) bool { return strings.Contains(w, "v1 became primary") }) {
		t.Errorf("a warning must say that v1 became primary, got %q", warned)
	}
	s.waitSiblings(seed(t, "echo", s.namespace, 1))
	s.waitAvailable("echo-v1") // So the selector fits the pods' labels.

	s.step("an audit says so, too, as long as nobody says the role")
	if r := s.cli().audit("--namespace=" + s.namespace); !strings.Contains(r.stdout, "v1 became primary") {
		t.Errorf("the audit must say that v1 became primary:\n%s%s", r.stdout, r.stderr)
	}

	s.step("a second version needs only its role besides: it stands by")
	s.apply(v("v2", "api-group=example", "role=standby").String()).mustSucceed()
	s.waitAvailable("echo-v2")
	s.waitSiblings(seed(t, "echo", s.namespace, 2))

	s.step("then it becomes a canary")
	s.apply(v("v2", "api-group=example", "role=canary").String()).mustSucceed()
	s.waitSiblings(seed(t, "echo", s.namespace, 3))
}

// TestMinimalFormWithAMistake applies Deployments without a selector that say their app or version wrongly, so that
// none is filled in. The API server refuses them in its own words; a warning tells what is wrong.
func TestMinimalFormWithAMistake(t *testing.T) {
	t.Parallel()
	s := begin(t, "minimal-form-mistake")
	good := v("v1", "api-group=example", "role=primary").String()
	for _, mistake := range []struct{ what, old, new, says string }{
		{"the app in capitals", `aviary.dev/app: "echo"`, `aviary.dev/app: "Echo"`, `"Echo" must start with a letter`},
		{"a name without the version", "name: echo-v1", "name: echo", `the name "echo" does not begin with "echo-"`},
		{"a name that the API server makes", "name: echo-v1", "generateName: echo-", "has no name yet"},
		{"another domain", "aviary.dev/", "aviary.io/", "did you mean aviary.dev/app?"},
	} {
		s.step("%s", mistake.what)
		out := s.kubectl(strings.ReplaceAll(good, mistake.old, mistake.new), "create", "-f", "-").
			mustFail("spec.selector: Required value")
		if warned := strings.Join(out.warnings(), "\n"); !strings.Contains(warned, mistake.says) {
			t.Errorf("a warning must say %q, got %q", mistake.says, warned)
		}
	}
	s.step("a selector of its own, and annotations of another tool")
	own := strings.Replace(unannotated, "metadata: {name: plain}",
		"metadata: {name: plain, annotations: {aviary.example/owner: a}}", 1)
	deployment, _, _ := strings.Cut(own, "---")
	if warned := s.apply(deployment).mustSucceed().warnings(); len(warned) > 0 {
		t.Errorf("it must be admitted without a word, got %q", warned)
	}
}
