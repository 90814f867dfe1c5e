package webhook_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
)

// The watch of parents lags behind: who keeps live routes is looked at, and so is the namespace of what goes, before
// that is refused.
func TestParentsAreLookedAt(t *testing.T) {
	t.Parallel()
	const (
		routes  = `"routes":[{"matchers":[{"prefix":"/"}],"delegateAction":%}]`
		example = `{"selector":{"labels":{"apiGroup":"example"},"namespaces":["*"]}}`
		to      = `{"ref":{"name":"between","namespace":"n"}}`
	)
	root := func(name, namespace, domain, delegate string) string {
		return `{"metadata":{"name":"` + name + `","namespace":"` + namespace + `"},"spec":{"virtualHost":{"domains":["` +
			domain + `"],` + strings.Replace(routes, "%", delegate, 1) + `}}}`
	}
	between := `{"metadata":{"name":"between","namespace":"n"},"spec":{` + strings.Replace(routes, "%", example, 1) + `}}`
	public := root("public", "edge", "*", example)
	for name, c := range map[string]struct {
		seen, there map[schema.GroupKind]string
		says        string
	}{
		"nothing else leads there": {nil, nil, "[routes-kept]"},
		"another root is there": {
			map[schema.GroupKind]string{rootKind: root("next", "edge", "*", example)},
			map[schema.GroupKind]string{rootKind: root("next", "edge", "*", example)},
			"",
		},
		"another root has gone": {
			map[schema.GroupKind]string{rootKind: root("next", "edge", "*", example)}, nil, "[routes-kept]",
		},
		"another root leads elsewhere": {
			map[schema.GroupKind]string{rootKind: root("next", "edge", "*", example)},
			map[schema.GroupKind]string{rootKind: root("next", "edge", "*", to)},
			"[routes-kept]",
		},
		"another root is for another domain": {
			map[schema.GroupKind]string{rootKind: root("next", "edge", "*", example)},
			map[schema.GroupKind]string{rootKind: root("next", "edge", "till.example", example)},
			"requests for *",
		},
		"a table between has gone": {
			map[schema.GroupKind]string{rootKind: root("next", "far", "*", to), tableKind: between},
			map[schema.GroupKind]string{rootKind: root("next", "far", "*", to)},
			"[routes-kept]",
		},
		"a table between is there": {
			map[schema.GroupKind]string{rootKind: root("next", "far", "*", to), tableKind: between},
			map[schema.GroupKind]string{rootKind: root("next", "far", "*", to), tableKind: between},
			"",
		},
		"another root has just come": {nil, map[schema.GroupKind]string{rootKind: root("next", "edge", "*", example)}, ""},
		"a root of another place has just come": {
			nil, map[schema.GroupKind]string{rootKind: root("next", "far", "*", example)}, "[routes-kept]",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, live := inventory.NewStore(), fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme())
			both := map[schema.GroupKind]string{
				fact.DeploymentKind: `{"metadata":{"name":"echo","namespace":"n"},
"spec":{"template":{"metadata":{"labels":{"app":"echo","version":"v1"}}}},"status":{"availableReplicas":1}}`,
				serviceKind:  echoService,
				upstreamKind: strings.Replace(echoOwn, ","+ownLabels, "", 1),
				tableKind:    strings.Replace(byHand, `"namespace":"n"`, `"namespace":"n","labels":{"apiGroup":"example"}`, 1),
				rootKind:     public,
			}
			for kind, text := range both {
				put(t, store, kind, text)
				live = live.WithObjects(stored(t, kind, text))
			}
			for kind, text := range c.seen {
				put(t, store, kind, text)
			}
			for kind, text := range c.there {
				live = live.WithObjects(stored(t, kind, text))
			}
			v := validator(t, store)
			v.Live, v.Rights = inventorytest.Cluster(live.Build()), all{}
			body := review(t, "virtualservices", "gateway.solo.io", "VirtualService", "DELETE", nil, []byte(public))
			got := post(t, v, body)
			said := strings.Join(got.Warnings, "\n")
			if got.Result != nil {
				said += got.Result.Message
			}
			if !strings.Contains(said, c.says) || c.says == "" && said != "" || got.Allowed != (c.says != "[routes-kept]") {
				t.Errorf("allowed %t, %q, must say %q", got.Allowed, said, c.says)
			}
		})
	}
}
