package stories

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// How soon what must be soon is.
const (
	healLimit  = 12 * time.Second // Ten, and a busy machine.
	otherLimit = 2 * time.Second  // One, and a busy machine.
)

// TestBlockedWrites keeps an app's table from being written, in whatever way, while v1 has 90 % by it and the team goes
// on. Whatever takes traffic that the table gives is refused, and the refusal says since when and why, or who tells;
// without the trouble the same requests pass. Giving up, and what takes nothing, always passes. Apps of other
// namespaces have their siblings at once, and soon after the trouble's end the table follows.
func TestBlockedWrites(t *testing.T) {
	t.Parallel()
	t.Run("nothing blocks", func(t *testing.T) {
		t.Parallel()
		testUnblocked(t)
	})
	for _, x := range troubles {
		t.Run(x.name, func(t *testing.T) {
			t.Parallel()
			x.test(t, shared)
		})
	}
	t.Run("on a plane of its own", func(t *testing.T) {
		t.Parallel()
		p := startCuttable(t, controlplane.Options{EtcdArgs: []string{"--max-request-bytes=100000"}})
		for _, x := range []trouble{
			larger,
			p.withoutLeader("leader killed", (*aviary.Instance).Kill),
			p.withoutLeader("leader cut off", p.cut),
		} {
			t.Run(x.name, func(t *testing.T) { x.test(t, p.plane) })
		}
	})
}

// blocked is app echo, whose table can't be written: v1 has 90 %, v2 10 %, and v3 nothing. App fox is there to retire.
type blocked struct {
	*story
	trouble

	headers string // of v2; empty for those that it has by default
	// cutOff is a replica that the API server reaches, and that does not reach the API server; askedBefore and asked are
	// how often it was asked before and since.
	cutOff             *aviary.Instance
	askedBefore, asked float64
}

// test plays the story of one trouble.
func (x trouble) test(t *testing.T, p *plane) {
	t.Helper()
	s := &blocked{story: beginOn(t, p, "blocked-"+strings.ReplaceAll(x.name, " ", "-")), trouble: x}
	watch := s.watchTraffic()
	if x.leaderless {
		watch.withoutLeader()
	}
	s.setUp()

	s.step("the trouble begins, and the team goes on")
	stop := x.start(s)
	s.mustPass("the next step", func() outcome { return s.apply(s.canary("weight=100").String()) })
	switch {
	case x.leaderless:
		s.mustRefuse(takers, follows, hint)
	case x.says == "":
		s.mustRefuse(takers, follows)
		s.waitEvent("SiblingsHindered", "app echo has not all of its siblings")
		s.mustRefuse(takers, follows, hint)
		s.otherIsExpanded()
	default:
		s.mustRefuse(takers, follows)
		s.waitTold()
		s.mustRefuse(takers, follows, " since ", s.says)
		s.otherIsExpanded()
	}
	s.step("what takes nothing passes")
	for _, r := range harmless {
		s.mustPass(r.what, func() outcome { return r.ask(s) })
	}
	s.mustPass("the last step", func() outcome { return s.apply(s.canary("weight=50").String()) })
	if got := s.summary("echo"); got != "v1 90, v2 10" {
		t.Errorf("nothing was written, so the table must be as it was, but says %q", got)
	}

	if s.cutOff != nil && s.asked <= s.askedBefore {
		t.Error("the replica that is cut off must have been asked, too")
	}

	s.step("the trouble ends")
	began := time.Now()
	stop()
	s.waitSummary("v1 50, v2 50")
	s.mustBeWithin(healLimit, "the table to follow", began)
	s.waitNotTold()
	s.waitGone("routetables", "fox-routes")
}

// setUp applies the two apps, and waits for their tables.
func (s *blocked) setUp() {
	s.Helper()
	s.apply(manifestsOf(
		s.with(v("v1", "role=primary")), s.canary("weight=10"), s.with(v("v3", "role=standby")),
		v("v1", "role=primary").of("fox"),
	)).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2", "fox-v1")
	s.waitSummary("v1 90, v2 10")
	s.waitTraffic("fox", "/fox: v1")
}

// with returns a version of echo with what the trouble wants of all of them.
func (s *blocked) with(x version) version {
	if s.paths != "" {
		x.annotations["paths"] = s.paths
	}
	return x
}

// canary returns v2 as a canary.
func (s *blocked) canary(annotations ...string) version {
	out := s.with(v("v2", append([]string{"role=canary"}, annotations...)...))
	if s.headers != "" {
		out.annotations["headers"] = s.headers
	}
	return out
}

// What a refusal says of the table in any case, and where it can't say why.
const (
	follows = `and follows "v1 primary, v2 canary 10, v3 standby"`
	hint    = "after 10 s an Event of Deployment echo-v1 says why, or Aviary has no leader"
)

// waitTold waits until the Service, an Event and a warning say that the table can't be written, and why.
func (s *blocked) waitTold() {
	s.Helper()
	s.eventually("the Service to say why", func() error {
		note := s.note()
		if !strings.HasPrefix(note, "RouteTable since ") || !strings.Contains(note, s.says) {
			return fmt.Errorf("it says %q", note)
		}
		return nil
	})
	if n := s.waitEvent("SiblingsHindered", "app echo has not all of its siblings"); n != 1 {
		s.Errorf("there must be one Event, are %d", n)
	}
	s.eventually("a warning", func() error {
		out := s.apply(s.canary("weight=40").String(), "--dry-run=server").mustSucceed()
		text := strings.Join(out.warnings(), "\n")
		if !containsAll(text, []string{"Aviary can't write RouteTable " + s.namespace + "/echo-routes since ", s.says}) {
			return fmt.Errorf("it warns %q", text)
		}
		return nil
	})
}

// waitNotTold waits until the Service says nothing of it any more.
func (s *blocked) waitNotTold() {
	s.Helper()
	s.eventually("the annotation to go", func() error {
		if note := s.note(); note != "" {
			return fmt.Errorf("it says %q", note)
		}
		return nil
	})
}

// note returns what the Service says of what keeps the siblings from being written.
func (s *blocked) note() string {
	s.Helper()
	return s.mustGet("services", "echo").GetAnnotations()["aviary.dev/blocked"]
}

// otherIsExpanded applies apps in another namespace, whose siblings must come at once. The machine may be too busy for
// one of three.
func (s *blocked) otherIsExpanded() {
	s.Helper()
	s.step("an app of another namespace")
	other := beginOn(s.T, s.plane, s.namespace+"-other")
	slow := 0
	for _, app := range []string{"echo", "fox", "golf"} {
		other.apply(v("v1", "role=primary").of(app).String()).mustSucceed()
		began := time.Now()
		other.waitTraffic(app, "/"+app+": v1")
		took := time.Since(began).Round(time.Millisecond)
		if s.Logf("the siblings of %s took %s", app, took); took > otherLimit {
			slow++
		}
	}
	if slow > 1 {
		s.Errorf("the siblings of %d of 3 apps took more than %s", slow, otherLimit)
	}
}

// mustBeWithin fails the story if something took too long.
func (s *blocked) mustBeWithin(limit time.Duration, what string, began time.Time) {
	s.Helper()
	took := time.Since(began).Round(time.Millisecond)
	if s.Logf("%s took %s", what, took); took > limit {
		s.Errorf("%s took %s, must take at most %s", what, took, limit)
	}
}
