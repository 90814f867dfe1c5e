package stories

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestOddNames has versions whose names YAML could read as something else, and apps named like what is there already.
func TestOddNames(t *testing.T) {
	t.Parallel()
	s := begin(t, "odd-names")
	team := s.tenant("odd-names-team")
	s.step("versions: they stay text")
	for _, name := range []string{"1", "true", "null", "1.0", "0x10", "1e3", "007"} {
		odd := replace(v(name, "version="+name, "role=primary").of("odd").String(), "name: odd-"+name, "name: odd-x")
		out := team.apply(odd, "--dry-run=server", "-o", "yaml").mustSucceed()
		d := decode(t, out.stdout)[0]
		got, _, _ := unstructured.NestedString(d.Object, "spec", "template", "metadata", "labels", "version")
		if got != name {
			t.Errorf("version %s has the label %q", name, got)
		}
	}
	team.apply(v("1e3", "role=primary").of("odd").String()).mustSucceed()
	s.waitTraffic("odd", "/odd: 1e3")

	s.step("an app named like the Upstream of another's shadow")
	team.apply(manifestsOf(v("v1", "role=primary"), v("v2", "role=shadow"))).mustSucceed()
	s.eventually("the shadow's Upstream", func() error { _, err := s.get("upstreams", "echo-shadow-v2"); return err })
	team.apply(v("v1", "role=primary").of("echo-shadow-v2").String(), "--dry-run=server").mustFail("[sibling-collision]")
	team.apply(v("v1", "role=primary").of("echo-shadow-v3").String(), "--dry-run=server").mustSucceed()

	s.step("an app named like the API server's Service")
	standard := &story{T: t, plane: shared, namespace: "default"}
	grouped := v("v1", "role=primary", "api-group=example")
	standard.apply(grouped.of("kubernetes").String(), "--dry-run=server").mustFail("[sibling-collision]")
	standard.apply(grouped.of("kubernetes-two").String(), "--dry-run=server").mustSucceed()
}
