package stories

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/e2e/aviary"
)

// testMetrics gives Aviary all kinds of work and compares the metrics it serves with
// docs/metrics.md.
func testMetrics(t *testing.T, p *plane) {
	s := beginOn(t, p, "metrics")
	s.step("an app, a denial, a warning, an exception, an override, a repair")
	s.rolloutTo("weight=50")
	s.apply(s.table("bad", destination{"v1", 60}, destination{"v2", 30})).mustFail("[weights-sum]")
	s.apply(v("v3", "role=standby", "weight=1").String()).mustSucceed()
	s.apply(s.table("old-one", destination{"v1", 60}, destination{"v2", 30})).mustSucceed()
	s.apply(replace(s.table("overridden", destination{"v1", 60}, destination{"v2", 30}), "  labels:",
		`  annotations: {aviary.dev/override: "weights-sum: INC-1"}`+"\n  labels:")).mustSucceed()
	s.kubectl("", "delete", "service", "echo").mustSucceed()
	s.step("a finding in an object that the webhooks did not see")
	s.must(s.bypass().create(t.Context(), s.table("past", destination{"v1", 60}, destination{"v2", 30})))
	s.step("an invalid configuration, and a valid one")
	s.reload("enforcement: maybe\n", "refused")
	s.reload(docsConfig+"# Again.\n", "taken")
	s.step("a missing permission")
	s.withoutRight(func() { s.apply(v("v1", "role=primary").of("blocked").String()).mustSucceed() })

	var served aviary.Metrics
	s.eventually("every metric to be served", func() (err error) {
		if served, err = p.aviary.Metrics(t.Context()); err != nil {
			return err
		}
		for _, name := range definedMetrics(t) {
			if len(served[name].GetMetric()) == 0 {
				err = errors.Join(err, fmt.Errorf("%s has no series", name))
			}
		}
		return err
	})
	page := readTestdata(t, "docs", "metrics.md")
	for _, name := range slices.Sorted(maps.Keys(served)) {
		if !strings.HasPrefix(name, "aviary_") {
			continue
		}
		labels := boundedLabels(t, served[name])
		page += fmt.Sprintf("| `%s` | %s | %s | %s |\n", name, strings.ToLower(served[name].GetType().String()),
			strings.Join(labels, ", "), served[name].GetHelp())
	}
	compareDocs(t, "metrics.md", page)
	for _, name := range []string{"aviary_evaluation_seconds", "aviary_admission_seconds"} {
		buckets := served[name].GetMetric()[0].GetHistogram().GetBucket()
		first, last := buckets[0].GetUpperBound(), buckets[len(buckets)-2].GetUpperBound()
		if first != .0005 || last != 10 {
			t.Errorf("the buckets of %s must reach from 0.5 ms to 10 s, reach from %v to %v", name, first, last)
		}
	}
}

// reload replaces the configuration and waits until a metric counts the result.
func (s *story) reload(config, result string) {
	s.Helper()
	s.must(s.aviary.SetConfig(config))
	s.eventually("the configuration to be "+result, func() error {
		metrics, err := s.aviary.Metrics(s.Context())
		if err == nil && metrics.Sum("aviary_config_reloads_total", "result", result) == 0 {
			err = fmt.Errorf("none is counted")
		}
		return err
	})
}

// withoutRight runs a function while Aviary may not create Upstreams, and waits until a metric
// counts that.
func (s *story) withoutRight(do func()) {
	s.Helper()
	rbac := schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterroles"}
	role, err := s.objects.Resource(rbac).Get(s.Context(), "aviary", metav1.GetOptions{})
	s.must(err)
	lesser := role.DeepCopy()
	rules := list(lesser.Object, "rules")
	var kept []any
	for _, r := range rules {
		resources, _, _ := unstructured.NestedStringSlice(r, "resources")
		if !slices.Equal(resources, []string{"upstreams"}) {
			kept = append(kept, r)
		}
	}
	s.must(unstructured.SetNestedSlice(lesser.Object, kept, "rules"))
	changed, err := s.objects.Resource(rbac).Update(s.Context(), lesser, metav1.UpdateOptions{})
	s.must(err)
	do()
	s.eventually("Aviary to be blocked", func() error {
		metrics, err := s.aviary.Metrics(s.Context())
		if err == nil && metrics.Sum("aviary_expander_hindered_total", "reason", "Forbidden") == 0 {
			err = fmt.Errorf("it does not say so")
		}
		return err
	})
	role.SetResourceVersion(changed.GetResourceVersion())
	_, err = s.objects.Resource(rbac).Update(s.Context(), role, metav1.UpdateOptions{})
	s.must(err)
}
