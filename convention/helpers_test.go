package convention_test

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// settings are what the stories and tables use: the seed's canary header, no default group.
func settings() convention.Settings {
	return convention.Settings{
		Keys:          convention.DefaultLabelKeys(),
		CanaryHeaders: []route.Header{{Name: "stage", Value: "canary"}},
		Port:          80,
	}
}

// toJSON returns YAML as JSON; JSON stays as it is, since YAML allows fewer characters.
func toJSON(text string) ([]byte, error) {
	if strings.HasPrefix(text, "{") {
		return []byte(text), nil
	}
	return yaml.YAMLToJSON([]byte(text))
}

// asJSON is [toJSON] of texts that are read many times.
func asJSON(t testing.TB, text string) string {
	t.Helper()
	data, err := toJSON(text)
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return string(data)
}

// decode reads one Deployment in YAML or JSON.
func decode(t testing.TB, text string) *convention.Deployment {
	t.Helper()
	d := &convention.Deployment{}
	data, err := toJSON(text)
	if err == nil {
		err = json.Unmarshal(data, d)
	}
	if err != nil {
		t.Fatalf("decode Deployment: %v\n%s", err, text)
	}
	return d
}

// deployment is the smallest Deployment that has a port, with these annotations.
func deployment(t testing.TB, name string, annotations map[string]string) *convention.Deployment {
	t.Helper()
	data, err := json.Marshal(map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment",
		"metadata": map[string]any{"name": name, "namespace": "echo", "annotations": annotations},
		"spec": map[string]any{"template": map[string]any{"spec": map[string]any{"containers": []any{
			map[string]any{"name": "main", "ports": []any{map[string]any{"containerPort": 8080}}},
		}}}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, string(data))
}

// documents splits a YAML stream.
func documents(text []byte) [][]byte {
	var out [][]byte
	for doc := range bytes.SplitSeq(append([]byte("\n"), text...), []byte("\n---\n")) {
		if len(bytes.TrimSpace(doc)) > 0 {
			out = append(out, doc)
		}
	}
	return out
}

// line is a finding as one line.
func line(p convention.Finding) string {
	text := p.Field + ": " + p.Message + "; " + p.Fix
	if p.Warning {
		text = "warning: " + text
	}
	return text
}

func lines(findings []convention.Finding) []string {
	var out []string
	for _, p := range findings {
		out = append(out, line(p))
	}
	return out
}
