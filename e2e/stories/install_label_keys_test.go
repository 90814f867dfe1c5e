package stories

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
)

var labelKeysFlag = regexp.MustCompile(`--label-keys=[^"]+`)

// readmesOverlay writes the overlay for other label keys from manifests/README.md into a folder, on
// top of the base. It returns the folder and the overlay's flag.
func readmesOverlay(t *testing.T) (dir, flag string) {
	t.Helper()
	root, err := aviary.Root()
	if err != nil {
		t.Fatal(err)
	}
	readme, err := os.ReadFile(filepath.Join(root, "manifests", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	_, chapter, _ := strings.Cut(string(readme), "## Other label keys")
	_, overlay, _ := strings.Cut(chapter, "```yaml\n")
	overlay, _, found := strings.Cut(overlay, "```")
	if !found {
		t.Fatal("manifests/README.md must have an overlay for other label keys")
	}
	if dir, err = filepath.EvalSymlinks(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	base, err := filepath.Rel(dir, filepath.Join(root, "manifests", "base"))
	if err != nil {
		t.Fatal(err)
	}
	text := replace(overlay, "../cert-manager", base)
	if err := os.WriteFile(filepath.Join(dir, "kustomization.yaml"), []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, labelKeysFlag.FindString(overlay)
}

// testOtherLabelKeys installs Aviary with the label keys release and api instead of version and
// apiGroup.
func testOtherLabelKeys(t *testing.T, p *plane) {
	dir, flag := readmesOverlay(t)
	p.install(t, aviary.Options{Overlay: dir, Args: []string{flag}})
	s := beginOn(t, p, "label-keys", "aviary.dev/api-group=example")
	s.step("an unreadable object doesn't hide others, doesn't block a deletion beside it, and can be repaired")
	odd := &story{T: t, plane: p, namespace: "default"}
	odd.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary"))).mustSucceed()
	odd.waitOwners("echo-v1", "echo-v2")
	odd.kubectl("", "delete", "deployment", "echo-v2").mustSucceed()
	odd.apply(replace(unreadable, `{weight: "50"}`, "[]")).mustSucceed()
	s.step("defaults and siblings have the other keys")
	s.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=50"))).mustSucceed()
	s.waitAvailable("echo-v1", "echo-v2")
	s.eventually("a route by release", func() error {
		table, err := s.get("routetables", "echo-routes")
		if err != nil {
			return err
		}
		text := fmt.Sprint(table.Object["spec"])
		byRelease := strings.Contains(text, "release:v2") && !strings.Contains(text, "version:")
		if !byRelease || table.GetLabels()["api"] != "example" {
			return fmt.Errorf("it has the labels %v and routes by %s", table.GetLabels(), text)
		}
		return nil
	})
	upstream := s.mustGet("upstreams", "echo")
	keys, _, _ := unstructured.NestedSlice(upstream.Object, "spec", "kube", "subsetSpec", "selectors")
	if fmt.Sprint(keys) != "[map[keys:[release]]]" {
		t.Errorf("the Upstream must pick Pods by release, does by %v", keys)
	}
	s.step("the match conditions select by the other keys")
	byRelease := strings.NewReplacer("version: v", "release: v", "[version]", "[release]",
		"indirect-writes", s.namespace, "upstream: {name: echo", "upstream: {name: plain",
		"  labels: {apiGroup: example}\n", "")
	s.apply(byRelease.Replace(unannotated)).mustSucceed()
	s.apply(byRelease.Replace(s.table("by-hand", destination{"v1", 0}))).mustSucceed()
	if labels := s.mustGet("routetables", "by-hand").GetLabels(); labels["api"] != "example" {
		t.Errorf("the RouteTable must get its Namespace's group as label api, has %v", labels)
	}
	s.kubectl("", "delete", "deployment", "plain").mustFail("[stranded-traffic]")
	s.mergePatch("service", "plain", `{"spec": {"selector": {"release": "v2"}}}`).mustFail("[selector-clean]")

	s.step("Aviary is not ready while the webhook configurations have other keys")
	for _, x := range []struct {
		keys  string
		ready bool
	}{{"app=app,version=version,apiGroup=apiGroup", false}, {strings.TrimPrefix(flag, "--label-keys="), true}} {
		s.kubectl("", "annotate", "--overwrite", "validatingwebhookconfiguration", "aviary",
			"aviary.dev/label-keys="+x.keys).mustSucceed()
		s.eventually(fmt.Sprintf("Aviary to be ready with %s: %t", x.keys, x.ready), func() error {
			err := p.aviary.Ready(t.Context())
			if err == nil && !x.ready {
				return errors.New("it is ready")
			}
			if !x.ready {
				return nil
			}
			return err
		})
	}
}
