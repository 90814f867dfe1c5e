package stories

import (
	"errors"
	"testing"
)

// taker is a request that takes traffic from who has it by the table, or gives it to who has it not.
type taker struct {
	what string
	// says is what it is refused with.
	says []string
	ask  func(*blocked) outcome
	// summary is the table's, once it follows; without a trouble the next one waits for it.
	summary string
	// open: where its entry has failurePolicy Ignore, a replica that can't ask the API server admits it unjudged, as
	// docs/failure-policy.md says.
	open bool
}

var takers = []taker{
	{"promotion of v2", []string{"[promotion]", "still gives v2 10 %"}, func(s *blocked) outcome {
		return s.apply(s.with(v("v2", "role=primary")).String())
	}, "v2 100; v1 says primary, superseded", false},
	{"v1 scaled to 0", []string{"[stranded-traffic]", "still gives v1 90 %"}, func(s *blocked) outcome {
		return s.kubectl("", "scale", "deployment", "echo-v1", "--replicas=0")
	}, "v2 100; v1 says primary, superseded", true},
	{"v1 applied with 0 replicas", []string{"[stranded-traffic]", "still gives v1 90 %"}, func(s *blocked) outcome {
		none := s.with(v("v1", "role=primary"))
		none.replicas = "0"
		return s.apply(none.String())
	}, "v2 100; v1 says primary, superseded", false},
	{"DELETE of v1", []string{"[stranded-traffic]", "still gives v1 90 %"}, func(s *blocked) outcome {
		return s.kubectl("", "delete", "deployment", "echo-v1")
	}, "v2 100", false},
}

// harmless are requests that take nothing.
var harmless = []struct {
	what string
	ask  func(*blocked) outcome
}{
	{"weight 0 for v2", func(s *blocked) outcome { return s.apply(s.canary("weight=0").String()) }},
	{"DELETE of v3, which the table doesn't name", func(s *blocked) outcome {
		return s.kubectl("", "delete", "deployment", "echo-v3")
	}},
	{"fox to retire", func(s *blocked) outcome {
		return s.kubectl("", "annotate", "deployment", "fox-v1", "aviary.dev/retire=true")
	}},
	{"DELETE of fox", func(s *blocked) outcome { return s.kubectl("", "delete", "deployment", "fox-v1") }},
}

// testUnblocked makes all of the requests while nothing blocks the table.
func testUnblocked(t *testing.T) {
	s := &blocked{story: begin(t, "blocked-by-nothing")}
	s.watchTraffic()
	s.setUp()
	for _, r := range harmless {
		s.mustPass(r.what, func() outcome { return r.ask(s) })
	}
	s.waitSummary("v1 100, v2 0")
	s.mustPass("the next step", func() outcome { return s.apply(s.canary("weight=100").String()) })
	s.waitSummary("v1 0, v2 100")
	for _, r := range takers {
		s.kubectl("", "scale", "deployment", "echo-v1", "--replicas=1").mustSucceed()
		s.waitAvailable("echo-v1")
		s.mustPass(r.what, func() outcome { return r.ask(s) })
		s.waitSummary(r.summary)
	}
	s.waitGone("routetables", "fox-routes")
}

// mustPass makes a request, again while there is no verdict, and ends the story if it is refused.
func (s *blocked) mustPass(what string, ask func() outcome) {
	s.Helper()
	if out := s.decided(ask); out.err != nil {
		s.Fatalf("%s must pass: %v", what, out.err)
	}
}

// mustRefuse makes requests and fails the story unless all are refused with these words.
func (s *blocked) mustRefuse(all []taker, words ...string) {
	s.Helper()
	for _, r := range all {
		if r.open && s.cutOff != nil {
			continue
		}
		out := s.decided(func() outcome { return r.ask(s) }).mustFail(append(words, r.says...)...)
		s.Logf("%s: %s", r.what, out.stderr)
	}
}

// decided makes a request, again while there is no verdict, because the machine may be busy, or who is asked cut off.
func (s *blocked) decided(ask func() outcome) (out outcome) {
	for range maxTries {
		if s.leaderless {
			s.aviary.Reconnect()
		}
		out = ask()
		if s.cutOff != nil {
			s.asked = max(s.asked, timesAsked(s, s.cutOff))
		}
		if !noVerdict(errors.New(out.stderr)) {
			break
		}
	}
	return out
}
