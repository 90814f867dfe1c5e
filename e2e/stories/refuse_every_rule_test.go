package stories

import (
	"slices"
	"strings"
	"testing"
)

// attempt is a run of kubectl: apply with manifests, unless args say otherwise.
type attempt struct {
	manifests string
	args      []string
	parts     []string // Parts of the refusal or, if it is admitted, of its warnings.
}

// refusal is a step that is refused, and a similar one that is admitted.
type refusal struct {
	wrong attempt
	right attempt
}

// TestRefusals tries, for every rule, a step that it refuses and a similar one that it admits. All
// start from the same state: app echo with v1 as primary and v2 as a canary at 10 %, and app ready
// with v2 at 100 %.
func TestRefusals(t *testing.T) {
	t.Parallel()
	s := begin(t, "refusals", "aviary.dev/api-group=example,second")
	s.apply(manifestsOf(
		v("v1", "role=primary"), v("v2", "role=canary", "weight=10"),
		v("v1", "role=primary").of("ready"), v("v2", "role=canary", "weight=100").of("ready"),
	)).mustSucceed()
	s.kubectl("", "create", "service", "clusterip", "taken", "--tcp=80:8080").mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2", "ready-v1", "ready-v2")
	s.waitTraffic("echo", "stage=canary /echo: v2; /echo: v1 90, v2 10")
	s.waitTraffic("ready", "stage=canary /ready: v2; /ready: v1 0, v2 100")

	for name, r := range s.refusals() {
		t.Run(name, func(t *testing.T) {
			rule := "[" + strings.SplitN(name, ",", 2)[0] + "]"
			inner := *s
			inner.T = t
			inner.refuses(rule, r.wrong)
			inner.admits(rule, r.right)
		})
	}
	if t.Failed() {
		return
	}
	s.step("none of the attempts has changed anything")
	s.waitTraffic("echo", "stage=canary /echo: v2; /echo: v1 90, v2 10")
	s.waitTraffic("ready", "stage=canary /ready: v2; /ready: v1 0, v2 100")
}

// try runs an attempt.
func (s *story) try(a attempt, more ...string) outcome {
	s.Helper()
	if a.args == nil {
		return s.apply(a.manifests, more...)
	}
	return s.kubectl("", append(slices.Clone(a.args), more...)...)
}

// refuses expects a refusal by the rule, or a warning if the rule only warns: by default, or of an app
// that has no route yet, as an app that has one has a primary.
func (s *story) refuses(rule string, a attempt) {
	s.Helper()
	if rule == "[upstream-known]" || rule == "[canary-needs-primary]" {
		out := s.try(a, "--dry-run=server").mustSucceed()
		warned := strings.Join(out.warnings(), "\n")
		if !containsAll(warned, append(a.parts, rule)) {
			s.Errorf("it must warn with %s %q, warns: %s", rule, a.parts, warned)
		}
		return
	}
	out := s.try(a)
	out.mustFail(append(a.parts, rule)...)
	for line := range strings.Lines(out.stderr) {
		for _, tag := range ruleTag.FindAllString(line, -1) {
			if strings.TrimSpace(tag) != rule && !strings.HasPrefix(line, "Warning: ") {
				s.Logf("another rule refuses, too: %s", strings.TrimSpace(line))
			}
		}
	}
}

// admits expects that the step is admitted, without a warning of the rule unless one is expected.
// It is a dry run, so that the state stays the same for the others.
func (s *story) admits(rule string, a attempt) {
	s.Helper()
	out := s.try(a, "--dry-run=server").mustSucceed()
	warned := strings.Join(out.warnings(), "\n")
	if len(a.parts) > 0 && !containsAll(warned, a.parts) {
		s.Errorf("it must warn with %q, warns: %s", a.parts, warned)
	}
	if len(a.parts) == 0 && strings.Contains(warned, rule) {
		s.Errorf("it must pass without a warning of %s: %s", rule, warned)
	}
}
