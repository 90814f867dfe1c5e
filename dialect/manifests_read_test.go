package dialect_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	admissionregistrationv1 "k8s.io/api/admissionregistration/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"

	"aviary.dev/dialect"
)

// read decodes each document of a manifest that is of the kind.
func read[T any](t *testing.T, file, kind string) []T {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "manifests", file))
	if err != nil {
		t.Fatal(err)
	}
	var out []T
	for document := range strings.SplitSeq(string(text), "\n---\n") {
		var is struct{ Kind string }
		var o T
		if err := yaml.Unmarshal([]byte(document), &is); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if is.Kind != kind {
			continue
		}
		if err := yaml.Unmarshal([]byte(document), &o); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out = append(out, o)
	}
	if len(out) == 0 {
		t.Fatalf("%s holds no %s", file, kind)
	}
	return out
}

func readRights(t *testing.T) allowed {
	t.Helper()
	out := allowed{}
	for _, role := range read[rbacv1.ClusterRole](t, "base/rbac.yaml", "ClusterRole") {
		for _, rule := range role.Rules {
			for _, group := range rule.APIGroups {
				for _, resource := range rule.Resources {
					out.add(group, resource, rule.Verbs...)
				}
			}
		}
	}
	return out
}

// readEntries returns the operations that entries send, of each kind in its version.
func readEntries(t *testing.T, kinds *dialect.Kinds, which string) allowed {
	t.Helper()
	versions := map[schema.GroupResource]string{}
	for _, k := range kinds.All() {
		versions[k.GroupResource()] = k.Version
	}
	file, kind := "base/"+strings.ToLower(which)+".yaml", which+"WebhookConfiguration"
	out := allowed{}
	// A mutating configuration has the same rules in the same place.
	for _, config := range read[admissionregistrationv1.ValidatingWebhookConfiguration](t, file, kind) {
		for _, entry := range config.Webhooks {
			for _, rule := range entry.Rules {
				addRule(out, rule, versions)
			}
		}
	}
	return out
}

func addRule(to allowed, rule admissionregistrationv1.RuleWithOperations, versions map[schema.GroupResource]string) {
	var operations []string
	for _, o := range rule.Operations {
		operations = append(operations, string(o))
	}
	for _, group := range rule.APIGroups {
		for _, resource := range rule.Resources {
			version := versions[schema.GroupResource{Group: group, Resource: resource}]
			if version == "" || slices.Contains(rule.APIVersions, version) {
				to.add(group, resource, operations...)
			}
		}
	}
}

func readCRDs(t *testing.T) allowed {
	t.Helper()
	type definition struct {
		Spec struct {
			Group    string
			Names    struct{ Kind, Plural string }
			Versions []struct {
				Name   string
				Served bool
			}
		}
	}
	out := allowed{}
	for _, list := range read[struct{ Resources []string }](t, "crds/kustomization.yaml", "Kustomization") {
		for _, file := range list.Resources {
			for _, d := range read[definition](t, filepath.Join("crds", file), "CustomResourceDefinition") {
				for _, v := range d.Spec.Versions {
					if v.Served {
						out.add(d.Spec.Group, d.Spec.Names.Plural, d.Spec.Names.Kind+"/"+v.Name)
					}
				}
			}
		}
	}
	return out
}
