package stories

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// TestDryRun expects the same verdict and warnings from a dry run as from the real request, and no
// other effect.
func TestDryRun(t *testing.T) {
	t.Parallel()
	s := begin(t, "dry-run")
	s.exposeTables()
	both := func(manifests string) (dry, real outcome) {
		dry = s.apply(manifests, "--dry-run=server")
		real = s.apply(manifests)
		return dry, real
	}

	s.step("a dry run creates nothing")
	first := v("v1").String()
	dry := s.apply(first, "--dry-run=server").mustSucceed()
	// Aviary writes siblings in the order of their Deployments. Once those of a later app exist,
	// none of an earlier app can be on its way.
	s.apply(v("v1", "role=primary").of("later").String()).mustSucceed()
	s.waitTraffic("later", "/later: v1")
	for _, x := range append(siblingsOf("echo"), sibling{"deployments", "echo-v1"}) {
		if _, err := s.get(x.resource, x.name); !apierrors.IsNotFound(err) {
			t.Errorf("%s %s must not exist after a dry run, got %v", x.resource, x.name, err)
		}
	}

	s.step("it warns as the real one does")
	real := s.apply(first).mustSucceed()
	if diff := cmp.Diff(dry.warnings(), real.warnings()); diff != "" || len(real.warnings()) == 0 {
		t.Errorf("the warnings must be the same and at least one (-dry +real)\n%s", diff)
	}
	s.waitTraffic("echo", allToV1)

	s.step("it refuses as the real one does")
	for _, bad := range []string{
		v("v2", "role=canary", "weight=101", "colour=blue").String(),
		v("v2", "role=primary").String(),
		s.table("by-hand", destination{"v1", 60}, destination{"v2", 30}),
	} {
		dry, real := both(bad)
		dry.mustFail()
		real.mustFail()
		if diff := cmp.Diff(plain(dry.stderr), plain(real.stderr)); diff != "" {
			t.Errorf("the verdict must be the same (-dry +real)\n%s", diff)
		}
	}
	remove := []string{"delete", "deployment", "echo-v1"}
	s.apply(v("v2", "role=canary", "weight=10").String()).mustSucceed()
	s.waitAvailable("echo-v2")
	dryDelete := s.kubectl("", append(remove, "--dry-run=server")...).mustFail("[stranded-traffic]")
	realDelete := s.kubectl("", remove...).mustFail("[stranded-traffic]")
	if diff := cmp.Diff(plain(dryDelete.stderr), plain(realDelete.stderr)); diff != "" {
		t.Errorf("the verdict must be the same (-dry +real)\n%s", diff)
	}
	s.mustGet("deployments", "echo-v1")
}

// plain returns a message without the words of a dry run.
func plain(message string) string { return strings.ReplaceAll(message, " (server dry run)", "") }
