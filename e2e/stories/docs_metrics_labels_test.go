package stories

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	dto "github.com/prometheus/client_model/go"

	"aviary.dev/e2e/aviary"
)

// labelValues are the values of those labels that don't depend on the cluster's objects.
var labelValues = map[string]string{
	"kind": "Deployment StatefulSet DaemonSet Rollout Namespace Scale Service " +
		"RouteTable VirtualService Upstream UpstreamGroup other",
	"operation":   "CREATE UPDATE DELETE other",
	"verdict":     "allow warn deny error",
	"mode":        "deny warn audit",
	"webhook":     "mutate validate",
	"facts":       "cache live",
	"verb":        "get list",
	"action":      "create update delete",
	"reason":      "NotServed Forbidden Refused TooLarge Conflict Terminating TimedOut Unavailable",
	"result":      "taken refused",
	"ended":       "in_step timeout full",
	"certificate": "leaf ca",
	"weight":      "declared effective",
}

// boundedLabels returns the label names, and fails the test if a value is not an expected one.
func boundedLabels(t *testing.T, family *dto.MetricFamily) []string {
	t.Helper()
	names := map[string]bool{}
	for _, series := range family.GetMetric() {
		for _, l := range series.GetLabel() {
			names[l.GetName()] = true
			values, fixed := labelValues[l.GetName()]
			if fixed && !slices.Contains(strings.Fields(values), l.GetValue()) {
				t.Errorf("%s has %s=%q, must be one of: %s", family.GetName(), l.GetName(), l.GetValue(), values)
			}
			if l.GetName() == "rule" && !isRule(t, l.GetValue()) {
				t.Errorf("%s has rule=%q, which is no rule", family.GetName(), l.GetValue())
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// isRule reports whether there is a rule with that ID.
func isRule(t *testing.T, id string) bool {
	t.Helper()
	root, err := aviary.Root()
	if err != nil {
		t.Fatal(err)
	}
	_, err = os.Stat(filepath.Join(root, "policy", "rules", id))
	return err == nil
}

var metricName = regexp.MustCompile(`"(aviary_[a-z_]+)"`)

// definedMetrics returns the names of metrics in Aviary's source.
func definedMetrics(t *testing.T) (names []string) {
	t.Helper()
	root, err := aviary.Root()
	if err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{"webhook", "expander", "audit", "access", filepath.Join("cmd", "aviary")} {
		sources := os.DirFS(filepath.Join(root, dir))
		err := fs.WalkDir(sources, ".", func(path string, _ fs.DirEntry, err error) error {
			if err != nil || filepath.Ext(path) != ".go" {
				return err
			}
			source, err := fs.ReadFile(sources, path)
			for _, m := range metricName.FindAllSubmatch(source, -1) {
				names = append(names, string(m[1]))
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return names
}
