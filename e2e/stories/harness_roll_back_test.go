package stories

import (
	"fmt"
	"slices"
	"time"
)

// passLimit is how soon after the last Pod is ready a rollback must have come to its end.
const passLimit = 20 * time.Second

// phase is a step of a rollout: the annotations of the versions that are there, and what the table
// then says about itself.
type phase struct {
	versions map[string]string
	summary  string
}

// phases returns the six steps of a rollout.
func phases(before, after string) []phase {
	with := func(annotations, summary string) phase {
		return phase{map[string]string{before: "role=primary", after: annotations}, summary}
	}
	return []phase{
		{map[string]string{before: "role=primary"}, before + " 100"},
		with("role=standby", before+" 100"),
		with("role=canary", fmt.Sprintf("%s 100, %s 0", before, after)),
		with("role=canary weight=50", fmt.Sprintf("%s 50, %s 50", before, after)),
		with("role=canary weight=100", fmt.Sprintf("%s 0, %s 100", before, after)),
		{map[string]string{after: "role=primary"}, after + " 100"},
	}
}

// deployments are the names of the phase's Deployments.
func (p phase) deployments(app string) (names []string) {
	for name := range p.versions {
		names = append(names, app+"-"+name)
	}
	slices.Sort(names)
	return names
}

// reached returns nil once the app is as the phase wants it.
func (p phase) reached(s *story, app string) error {
	s.Helper()
	names, available := s.deployments(app)
	summary := s.summary(app)
	if summary != p.summary || !slices.Equal(names, p.deployments(app)) {
		return fmt.Errorf("the summary is %q, must be %q; the Deployments are %q, must be %q",
			summary, p.summary, names, p.deployments(app))
	}
	if !available {
		return fmt.Errorf("not all of %q are available", names)
	}
	return nil
}

// waitPhase waits until the app has come to a phase.
func (s *story) waitPhase(app string, p phase) {
	s.Helper()
	s.eventually("app "+app+" to be as said", func() error { return p.reached(s, app) })
}

// mustPass fails the test unless each app comes to its phase soon after its last Pod is ready.
func (s *story) mustPass(apps map[string]phase) {
	s.Helper()
	ready, passed := map[string]time.Time{}, map[string]bool{}
	s.eventually("all apps to be rolled back", func() (last error) {
		for app, p := range apps {
			if passed[app] {
				continue
			}
			err := p.reached(s, app)
			if _, available := s.deployments(app); !available {
				delete(ready, app)
			} else if ready[app].IsZero() {
				ready[app] = time.Now()
			}
			took := time.Since(ready[app]).Round(100 * time.Millisecond)
			switch {
			case err == nil:
				passed[app] = true
				s.Logf("%s passed %s after its last Pod was ready", app, took)
			case !ready[app].IsZero() && took > passLimit:
				passed[app] = true
				s.Errorf("%s does not pass: %s after its last Pod was ready %v", app, passLimit, err)
			default:
				last = fmt.Errorf("%s: %w", app, err)
			}
		}
		return last
	})
}

// roller rolls an app forward to a phase, or back to one. For the way back it returns how the
// deletion went, or all of it, if that is one command.
type roller func(app string, p phase) outcome

// rollBack takes an app for each target through the six steps, and then back to its target. One of them is the first.
func (s *story) rollBack(names [2]string, targets []int, forward, back roller) {
	s.Helper()
	s.watchTraffic()
	before, after := names[0], names[1]
	all := phases(before, after)
	apps := map[string]phase{}
	for _, to := range targets {
		apps[fmt.Sprintf("to-%d", to)] = all[to-1]
	}
	for i, p := range all {
		s.step("all apps go to step %d", i+1)
		for app := range apps {
			forward(app, p).mustSucceed()
		}
		for app := range apps {
			s.waitPhase(app, p)
		}
	}
	s.step("each goes back to another step")
	for app, p := range apps {
		out := back(app, p)
		if app != first {
			out.mustSucceed()
			continue
		}
		s.Logf("in one go from the last step to the first: %v\n%s", out.err, out.stderr)
	}
	last := apps[first]
	delete(apps, first)
	s.mustPass(apps)
	s.step("the one that went to the first step ends by a command")
	s.endRollBack(first, before, after)
	s.mustPass(map[string]phase{first: last})
}

// first is the app that goes back to the first step.
const first = "to-1"

// namesOfVersions are the names of an old and a new version, in both orders in which tools sort them.
var namesOfVersions = [][2]string{{"v1", "v2"}, {"v9", "v10"}}

// endRollBack ends the rollback from the last step to the first, whose DELETE of the new version
// was refused, by the command that an Event on its Deployment names.
func (s *story) endRollBack(app, before, after string) {
	s.Helper()
	command := s.endCommand(app, after)
	when := fmt.Sprintf("when %s is available: ", before)
	args := s.commandIn(s.waitEventAbout(app+"-"+after, when+command), command)
	s.waitAvailable(app + "-" + before)
	s.kubectl("", append(args[1:], "--wait=false")...).mustSucceed()
}

// endCommand is the command that ends such a rollback.
func (s *story) endCommand(app, after string) string {
	return fmt.Sprintf("kubectl delete deployment %s-%s -n %s", app, after, s.namespace)
}
