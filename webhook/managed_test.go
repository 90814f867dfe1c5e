package webhook_test

import (
	"encoding/json"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
)

const (
	ownLabels   = `"labels":{"app.kubernetes.io/managed-by":"aviary","aviary.dev/app":"echo"}`
	echoService = `{"metadata":{"name":"echo","namespace":"n"},"spec":{"selector":{"app":"echo"}}}`
	echoOwn     = `{"metadata":{"name":"echo","namespace":"n",` + ownLabels + `},"spec":{"kube":{"serviceName":"echo",
"serviceNamespace":"n","selector":{"app":"echo"},"subsetSpec":{"selectors":[{"keys":["version"]}]}}}}`
	echoShadow = `{"metadata":{"name":"echo-shadow-v2","namespace":"n",` + ownLabels + `},
"spec":{"kube":{"serviceName":"echo","serviceNamespace":"n","selector":{"app":"echo","version":"v2"}}}}`
	byHand = `{"metadata":{"name":"by-hand","namespace":"n"},
"spec":{"routes":[{"routeAction":{"single":{"upstream":{"name":"echo"},"subset":{"values":{"version":"v1"}}}}},
{"routeAction":{"single":{"upstream":{"name":"echo-shadow-v3"},"subset":{"values":{"version":"v1"}}}}}]}}`
)

var (
	upstreamKind = schema.GroupKind{Group: "gloo.solo.io", Kind: "Upstream"}
	serviceKind  = fact.ServiceKind
	tableKind    = schema.GroupKind{Group: "gateway.solo.io", Kind: "RouteTable"}
	rootKind     = schema.GroupKind{Group: "gateway.solo.io", Kind: "VirtualService"}
)

func decoded(t testing.TB, kind schema.GroupKind, object string) fact.Fact {
	t.Helper()
	f, err := glootest.Kinds().Decode(kind, []byte(object))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func put(t testing.TB, store *inventory.Store, kind schema.GroupKind, object string) {
	t.Helper()
	store.Put(decoded(t, kind, object))
}

// stored returns an object for a client to return.
func stored(t testing.TB, kind schema.GroupKind, object string) client.Object {
	t.Helper()
	o := glootest.Kinds().Of(kind).New()
	if err := json.Unmarshal([]byte(object), o); err != nil {
		t.Fatal(err)
	}
	return o
}

func version(name, role string) string {
	return `{"metadata":{"name":"echo-` + name + `","namespace":"n",
"annotations":{"aviary.dev/app":"echo","aviary.dev/role":"` + role + `"}},
"spec":{"template":{"metadata":{"labels":{"app":"echo","version":"` + name + `"}}}}}`
}

// What Aviary keeps is put back and never refused, the Upstream of a shadow too; what somebody else
// made is.
func TestUpstreamsAndServicesAreJudged(t *testing.T) {
	t.Parallel()
	without := func(text, part string) string { return strings.Replace(text, part, "", 1) }
	selects := func(text string) string {
		return strings.Replace(text, `{"app":"echo"}`, `{"app":"echo","version":"v2"}`, 1)
	}
	withSubsets := strings.Replace(echoShadow, `"version":"v2"}`, `"version":"v2"},
"subsetSpec":{"selectors":[{"keys":["version"]}]}`, 1)
	third := func(text string) string { return strings.Replace(text, "shadow-v2", "shadow-v3", 1) }
	cases := map[string]struct {
		reason, kind, old, new string
		allowed                bool
		says                   string
	}{
		"KeptIsDeleted": {"Aviary puts its Upstream back", "Upstream", echoOwn, "", true, "[upstream-in-use]"},
		"ForeignIsDeleted": {
			"a route uses it", "Upstream", without(echoOwn, ","+ownLabels), "", false, "[upstream-in-use]",
		},
		"ForeignLosesSubsets": {
			"a route picks versions", "Upstream", without(echoOwn, ","+ownLabels),
			without(without(echoOwn, ","+ownLabels), `,"subsetSpec":{"selectors":[{"keys":["version"]}]}`), false,
			"[upstream-in-use]",
		},
		"ServiceIsDeleted": {"the Upstream takes its endpoints", "Service", echoService, "", false, "[upstream-in-use]"},
		"ServiceOfOneVersion": {
			"other versions have no endpoints", "Service", echoService, selects(echoService), false, "[selector-clean]",
		},
		"ShadowIsEdited": {"Aviary puts it back", "Upstream", echoShadow, withSubsets, true, "[selector-clean]"},
		"NoShadowOfAviarys": {
			"v3 is no shadow, so nobody keeps its Upstream", "Upstream", third(echoShadow), third(withSubsets), false,
			"[selector-clean]",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store := inventory.NewStore()
			put(t, store, deploymentKind, version("v1", "primary"))
			put(t, store, deploymentKind, version("v2", "shadow"))
			put(t, store, tableKind, byHand)
			put(t, store, upstreamKind, echoOwn)
			put(t, store, serviceKind, echoService)
			v := validator(t, store)
			v.Live = inventorytest.Cluster(fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).
				WithObjects(
					stored(t, tableKind, byHand), stored(t, upstreamKind, echoOwn), stored(t, serviceKind, echoService)).Build())
			kind := map[string]schema.GroupKind{"Upstream": upstreamKind, "Service": serviceKind}[c.kind]
			operation := "UPDATE"
			if c.new == "" {
				operation = "DELETE"
			}
			resource := strings.ToLower(c.kind) + "s"
			got := post(t, v, review(t, resource, kind.Group, kind.Kind, operation, text(c.new), []byte(c.old)))
			said := strings.Join(got.Warnings, "\n")
			if got.Result != nil {
				said += got.Result.Message
			}
			if got.Allowed != c.allowed || !strings.Contains(said, c.says) {
				t.Errorf("%s: allowed %v, says %s", c.reason, got.Allowed, said)
			}
		})
	}
}

// A cache that still holds a route which has just been deleted refuses nothing.
func TestUpstreamIsJudgedByLiveRoutes(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	put(t, store, tableKind, byHand)
	v := validator(t, store)
	v.Live = inventorytest.Cluster(fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).Build())
	foreign := strings.Replace(echoOwn, ","+ownLabels, "", 1)
	body := review(t, "upstreams", "gloo.solo.io", "Upstream", "DELETE", nil, []byte(foreign))
	if got := post(t, v, body); !got.Allowed {
		t.Errorf("refused: %v", got.Result)
	}
}
