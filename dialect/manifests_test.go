package dialect_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
)

// besidesKinds is what Aviary may do with objects that are of no kind in the table.
var besidesKinds = map[string]string{
	"pods":                   "get list",
	"events":                 "create patch update",
	"events.events.k8s.io":   "create patch update",
	"reports.openreports.io": "create delete get list update",
	"subjectaccessreviews.authorization.k8s.io":                    "create",
	"mutatingwebhookconfigurations.admissionregistration.k8s.io":   "get",
	"validatingwebhookconfigurations.admissionregistration.k8s.io": "get",
}

// allowed is what a manifest says, or should say, of each resource: words, sorted.
type allowed map[string][]string

func (a allowed) add(group, resource string, words ...string) {
	resource, _, _ = strings.Cut(resource, "/") // deployments/scale
	name := schema.GroupResource{Group: group, Resource: resource}.String()
	a[name] = append(a[name], words...)
	slices.Sort(a[name])
	a[name] = slices.Compact(a[name])
}

// manifest is one place in which kinds are written down.
type manifest struct {
	file, where string // where has verbs for the group and the resource
	got, want   allowed
}

// manifests compares the list of kinds with all of the places.
func manifests(t *testing.T, kinds *dialect.Kinds) []manifest {
	t.Helper()
	rights, validated, mutated, crds := allowed{}, allowed{}, allowed{}, allowed{}
	for resource, verbs := range besidesKinds {
		rights[resource] = strings.Fields(verbs)
	}
	for _, k := range kinds.Live() {
		rights.add(k.Group, k.Resource, "get", "list", "watch")
		operations := []string{"CREATE", "UPDATE", "DELETE"}
		if k.Role == dialect.Namespace { // by a list of API groups that changes
			operations = []string{"UPDATE"}
		}
		validated.add(k.Group, k.Resource, operations...)
		if k.GroupKind() == fact.DeploymentKind || k.Role == dialect.Table {
			mutated.add(k.Group, k.Resource, "CREATE", "UPDATE")
		}
		if k.Group != "" && k.Group != "apps" { // the API server's own need none
			crds.add(k.Group, k.Resource, k.Kind+"/"+k.Version)
		}
	}
	for _, k := range kinds.All() {
		if k.Unwatched { // it may come, and nothing is known of one that goes
			validated.add(k.Group, k.Resource, "CREATE", "UPDATE")
		}
	}
	for _, k := range kinds.Written() {
		rights.add(k.Group, k.Resource, "create", "update", "patch", "delete")
	}
	entry := "an entry with apiGroups: [%q], resources: [%s]"
	return []manifest{
		{"base/rbac.yaml", "a rule of the ClusterRole with apiGroups: [%q], resources: [%s]", readRights(t), rights},
		{"base/validating.yaml", entry, readEntries(t, kinds, "Validating"), validated},
		{"base/mutating.yaml", entry, readEntries(t, kinds, "Mutating"), mutated},
		{"crds/kustomization.yaml", "a stand-in, in a file of its own, with group: %q, names.plural: %s", readCRDs(t), crds},
	}
}

// differences says what to add to the manifests and what to remove.
func differences(all []manifest) []string {
	var out []string
	for _, m := range all {
		for _, name := range slices.Sorted(maps.Keys(m.want)) {
			if missing := without(m.want[name], m.got[name]); missing != "" {
				r := schema.ParseGroupResource(name)
				out = append(out, fmt.Sprintf("manifests/%s: add %s to "+m.where, m.file, missing, r.Group, r.Resource))
			}
		}
		for _, name := range slices.Sorted(maps.Keys(m.got)) {
			if more := without(m.got[name], m.want[name]); more != "" {
				const text = "manifests/%s: remove %s of %s, or say in this test why it stays"
				out = append(out, fmt.Sprintf(text, m.file, more, name))
			}
		}
	}
	return out
}

func without(words, others []string) string {
	left := slices.DeleteFunc(slices.Clone(words), func(w string) bool { return slices.Contains(others, w) })
	return strings.Join(left, ", ")
}

func TestManifests(t *testing.T) {
	t.Parallel()
	for _, d := range differences(manifests(t, glootest.Kinds())) {
		t.Error(d)
	}
}

// changed is a dialect with other kinds.
type changed struct {
	dialect.Dialect
	kinds []dialect.Kind
}

func (c *changed) Kinds() []dialect.Kind { return c.kinds }

func TestManifestsOfOtherKinds(t *testing.T) {
	t.Parallel()
	gloo := glootest.Kinds().Writer()
	one := dialect.Kind{
		GroupVersionKind: schema.GroupVersionKind{Group: "example.dev", Version: "v2", Kind: "Switch"},
		Resource:         "switches", Role: dialect.Table, Written: true,
		New:     func() dialect.Object { return &corev1.ConfigMap{} },
		NewList: func() dialect.ObjectList { return &corev1.ConfigMapList{} },
	}
	for name, tc := range map[string]struct {
		kinds []dialect.Kind
		want  []string
	}{
		"OneMore": {append(gloo.Kinds(), one), []string{
			`manifests/base/rbac.yaml: add create, delete, get, list, patch, update, watch to ` +
				`a rule of the ClusterRole with apiGroups: ["example.dev"], resources: [switches]`,
			`manifests/base/validating.yaml: add CREATE, DELETE, UPDATE to ` +
				`an entry with apiGroups: ["example.dev"], resources: [switches]`,
			`manifests/base/mutating.yaml: add CREATE, UPDATE to ` +
				`an entry with apiGroups: ["example.dev"], resources: [switches]`,
			`manifests/crds/kustomization.yaml: add Switch/v2 to ` +
				`a stand-in, in a file of its own, with group: "example.dev", names.plural: switches`,
		}},
		"OneLess": {slices.DeleteFunc(gloo.Kinds(), func(k dialect.Kind) bool { return k.Role == dialect.Root }), []string{
			`manifests/base/rbac.yaml: remove get, list, watch of virtualservices.gateway.solo.io`,
			`manifests/base/validating.yaml: remove CREATE, DELETE, UPDATE of virtualservices.gateway.solo.io`,
			`manifests/crds/kustomization.yaml: remove VirtualService/v1 of virtualservices.gateway.solo.io`,
		}},
	} {
		got := differences(manifests(t, dialect.NewKinds(convention.DefaultLabelKeys(), &changed{gloo, tc.kinds})))
		for i := range got {
			got[i] = strings.TrimSuffix(got[i], ", or say in this test why it stays")
		}
		if diff := cmp.Diff(tc.want, got); diff != "" {
			t.Errorf("%s: differences(): -want +got:\n%s", name, diff)
		}
	}
}
