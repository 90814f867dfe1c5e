package stories

import (
	"flag"
	"fmt"
	"testing"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

var upgradeFrom = flag.String("from", "", "a binary of an older Aviary, which TestUpgrade replaces")

// upgrades are apps that an older Aviary keeps, and how each goes on after the upgrade.
var upgrades = map[string]struct{ begins, goesOn func(*story) }{
	"one-version": {
		func(s *story) {
			s.apply(v("v1", "role=primary").String()).mustSucceed()
			s.waitTraffic("echo", allToV1)
		},
		func(s *story) { s.rolloutTo("role=primary") },
	},
	"standby": {func(s *story) { s.rolloutTo("role=standby") }, (*story).abortV2},
	"header":  {func(s *story) { s.rolloutTo("weight=0") }, (*story).abortV2},
	"half":    {func(s *story) { s.rolloutTo("weight=50") }, (*story).abortV2},
	"all":     {func(s *story) { s.rolloutTo("weight=100") }, (*story).abortV2},
	"promoted": {
		func(s *story) { s.rolloutTo("role=primary") },
		func(s *story) { s.swapTo("v1", "v2") },
	},
	"alone": {
		func(s *story) {
			s.rolloutTo("role=primary")
			s.kubectl("", "delete", "deployment", "echo-v1").mustSucceed()
			s.waitGone("deployments", "echo-v1")
		},
		// Records without aviary.dev/follows forget a version that is deleted. One that a new Aviary sees deleted stays.
		func(s *story) {
			s.apply(v("v1", "role=primary").String()).mustFail("[promotion]")
			s.apply(v("v1", "role=canary", "weight=100").String()).mustSucceed()
			s.waitAvailable("echo-v1")
			s.waitTraffic("echo", "stage=canary /echo: v1; /echo: v2 0, v1 100")
			s.apply(v("v1", "role=primary").String()).mustSucceed()
			s.waitTraffic("echo", allToV1)
			s.kubectl("", "delete", "deployment", "echo-v2").mustSucceed()
			s.waitGone("deployments", "echo-v2")
			s.mustWarn("v1 keeps the traffic", s.apply(v("v2", "role=primary").String()))
		},
	},
	"swapped": {
		func(s *story) {
			s.rolloutTo("role=primary")
			s.swapTo("v1", "v2")
		},
		func(s *story) { s.swapTo("v2", "v1") },
	},
	"implicit": {
		func(s *story) {
			s.apply(manifestsOf(v("v1"), v("v2", "role=canary", "weight=30"))).mustSucceed()
			s.waitAvailable("echo-v1", "echo-v2")
			s.waitTraffic("echo", "stage=canary /echo: v2; /echo: v1 70, v2 30")
		},
		(*story).abortV2,
	},
}

// abortV2 takes the canary's traffic away.
func (s *story) abortV2() {
	s.Helper()
	s.apply(v("v2", "role=canary", "weight=0").String()).mustSucceed()
	s.waitTraffic("echo", headerV2)
}

// swapTo makes a version the primary that was it before.
func (s *story) swapTo(version, from string) {
	s.Helper()
	s.apply(v(version, "role=standby").String()).mustSucceed()
	s.apply(v(version, "role=primary").String()).mustSucceed()
	s.apply(v(from, "role=standby").String()).mustSucceed()
	s.waitTraffic("echo", "/echo: "+version)
}

// TestUpgrade replaces an older Aviary while apps are in each step of a rollout, after a swap, and without a version
// that says primary. No revision of a table moves traffic, and each app can go on or back afterwards.
//
// It needs a build of an older commit, so it only runs with -from.
func TestUpgrade(t *testing.T) {
	if *upgradeFrom == "" {
		t.Skip("say -from=<a binary>, or make upgrade")
	}
	t.Parallel()
	p := ownPlane(t, controlplane.Options{})
	p.install(t, aviary.Options{Binary: *upgradeFrom})
	stories := map[string]*story{}
	for name, u := range upgrades {
		stories[name] = beginOn(t, p, name)
		u.begins(stories[name])
	}
	recorders, before := map[string]*recorder{}, map[string]string{}
	for name, s := range stories {
		recorders[name], before[name] = s.record(), traffic(s.mustGet("routetables", "echo-routes"))
	}
	if err := p.aviary.Stop(); err != nil {
		t.Fatal(err)
	}
	p.install(t, aviary.Options{})
	for name, s := range stories {
		s.eventually("the table to be written anew", func() error {
			if s.mustGet("routetables", "echo-routes").GetAnnotations()["aviary.dev/follows"] == "" {
				return fmt.Errorf("it does not say what it follows")
			}
			return nil
		})
		revisions := 0
		for _, e := range recorders[name].all() {
			if e.object.GetKind() != "RouteTable" {
				continue
			}
			revisions++
			if got := traffic(e.object); e.gone || got != before[name] {
				t.Errorf("%s: a revision of the table sends %q (gone: %v), before the upgrade %q", name, got, e.gone, before[name])
			}
		}
		if revisions < 2 {
			t.Errorf("%s: %d revisions of the table were seen, must be the old one and a new one", name, revisions)
		}
	}
	for name, s := range stories {
		t.Run(name, func(t *testing.T) {
			q := *s
			q.T = t
			upgrades[name].goesOn(&q)
		})
	}
}
