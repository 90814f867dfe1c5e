package stories

import (
	"bytes"
	"encoding/json"
	"errors"
	"os/exec"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// audit runs kubectl-canary and returns its findings by object.
func (v *verdicts) audit(args ...string) map[string][]found {
	v.Helper()
	args = append([]string{
		"audit", "-o", "json", "--kubeconfig", v.Kubeconfig, "--config", v.aviary.ConfigFile(),
	}, args...)
	cmd := exec.CommandContext(v.Context(), v.canary, args...) //nolint:gosec // because it is the binary under test.
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	stdout, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || exit.ExitCode() != 1) {
		v.Fatalf("kubectl-canary audit %v: %v\n%s", args, err, &stderr)
	}
	var result struct {
		Findings []struct{ Rule, Message, Fix, Kind, Namespace, Name, Field string }
	}
	v.must(json.Unmarshal(stdout, &result))
	out := map[string][]found{}
	for _, f := range result.Findings {
		key := f.Kind + " " + f.Namespace + "/" + f.Name
		if f.Fix != "" {
			f.Message += "; " + f.Fix
		}
		out[key] = append(out[key], found{f.Rule, f.Field, f.Message})
	}
	return out
}

// objectKey returns "Kind namespace/name".
func objectKey(o *unstructured.Unstructured) string {
	return o.GetKind() + " " + o.GetNamespace() + "/" + o.GetName()
}

// union returns the keys of both maps.
func union(a, b map[string][]found) map[string]bool {
	out := map[string]bool{}
	for _, m := range []map[string][]found{a, b} {
		for key := range m {
			out[key] = true
		}
	}
	return out
}

// manifestList returns the JSON of a List of objects.
func manifestList(objects []*unstructured.Unstructured) []byte {
	var items []any
	for _, o := range objects {
		items = append(items, o.Object)
	}
	text, _ := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": items})
	return text
}
