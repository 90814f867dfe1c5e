package judge_test

import (
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"sigs.k8s.io/yaml"
)

// schema is a CRD's structural schema, as far as Gloo's and the stand-ins for them use it.
type schema struct {
	Type       string            `json:"type"`
	Nullable   bool              `json:"nullable"`
	Properties map[string]schema `json:"properties"`
	Additional *schema           `json:"additionalProperties"`
	Items      *schema           `json:"items"`
	Minimum    *float64          `json:"minimum"`
	Open       bool              `json:"x-kubernetes-preserve-unknown-fields"`
	IntOrText  bool              `json:"x-kubernetes-int-or-string"`
}

// The stand-ins for Gloo's CRDs, and Gloo's own, which are no part of this tree.
const (
	standIns = "../../manifests/crds"
	glooCRDs = "../../../shared/gloo-crds"
)

// schemasIn reads the schemas of a folder's CRDs, by kind; none if there are no CRDs.
func schemasIn(t *testing.T, folder string) map[string]schema {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(folder, "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]schema{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var crd struct {
			Spec struct {
				Names    struct{ Kind string }
				Versions []struct {
					Schema struct {
						OpenAPIV3Schema schema `json:"openAPIV3Schema"`
					}
				}
			}
		}
		if err := yaml.Unmarshal(data, &crd); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		for _, version := range crd.Spec.Versions { // kustomization.yaml has none
			out[crd.Spec.Names.Kind] = version.Schema.OpenAPIV3Schema
		}
	}
	return out
}

// unfit lists what in the value the API server would prune or refuse.
func unfit(s schema, value any, at string) []string {
	var out []string
	switch v := value.(type) {
	case nil:
		if !s.Nullable {
			out = append(out, at+" is null and would be pruned")
		}
	case map[string]any:
		if s.Type != "object" {
			return []string{at + " is a mapping, must be " + s.Type}
		}
		for _, k := range slices.Sorted(maps.Keys(v)) {
			below, ok := s.Properties[k]
			switch {
			case ok:
				out = append(out, unfit(below, v[k], at+"."+k)...)
			case s.Additional != nil:
				out = append(out, unfit(*s.Additional, v[k], at+"."+k)...)
			case !s.Open:
				out = append(out, at+"."+k+" is unknown and would be pruned")
			}
		}
	case []any:
		if s.Items == nil {
			return []string{at + " is a list, must be " + s.Type}
		}
		for i, e := range v {
			out = append(out, unfit(*s.Items, e, fmt.Sprintf("%s[%d]", at, i))...)
		}
	default:
		if !s.fits(v) {
			out = append(out, fmt.Sprintf("%s is %v, must be %s", at, v, s.Type))
		}
	}
	return out
}

func (s schema) fits(value any) bool {
	switch v := value.(type) {
	case string:
		return s.Type == "string" || s.IntOrText
	case bool:
		return s.Type == "boolean"
	case float64:
		whole := v == math.Trunc(v)
		return s.Type == "number" || whole && s.IntOrText ||
			whole && s.Type == "integer" && (s.Minimum == nil || v >= *s.Minimum)
	}
	return false
}
