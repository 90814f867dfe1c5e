package main

import (
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestLinks: what only Aviary in a cluster needs is no part of the plugin.
func TestLinks(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	unwanted := regexp.MustCompile(`prometheus|openreports|/controller-runtime/pkg/(client|manager|metrics|webhook)\b`)
	packages := strings.Fields(string(out))
	for _, p := range packages {
		if unwanted.MatchString(p) {
			t.Errorf("links %s", p)
		}
	}
	if len(packages) < 100 {
		t.Errorf("go list tells of %d packages only", len(packages))
	}
}
