package webhook_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/webhook"
)

// away is an API server that answers nothing.
func away() inventory.Cluster {
	down := errors.New("the server is busy")
	fails := interceptor.Funcs{
		Get: func(context.Context, client.WithWatch, client.ObjectKey, client.Object, ...client.GetOption) error {
			return down
		},
		List: func(context.Context, client.WithWatch, client.ObjectList, ...client.ListOption) error { return down },
	}
	builder := fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme())
	return inventorytest.Cluster(builder.WithInterceptorFuncs(fails).Build())
}

// rights says of every question that it can't be answered.
type rights struct{ error }

func (r rights) May(context.Context, authenticationv1.UserInfo, authorizationv1.ResourceAttributes) (bool, error) {
	return false, r.error
}

// text is what an object's JSON is in a review: nothing for none.
func text(object string) []byte {
	if object == "" {
		return nil
	}
	return []byte(object)
}

func underWarn(t *testing.T, v *webhook.Validate) *webhook.Validate {
	t.Helper()
	cfg := policy.DefaultConfig()
	cfg.Enforcement = policy.ModeWarn
	engine, err := policy.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	kinds := glootest.Kinds()
	j := judge.New(engine, cfg.Settings(kinds.Keys()), kinds)
	v.Judge = func() *judge.Judge { return j }
	return v
}

// What could not be looked up refuses nothing where nothing refuses: under enforcement: warn, and
// where the entry has failurePolicy Ignore.
func TestAFailedLookUpFollowsTheEntry(t *testing.T) {
	t.Parallel()
	bare := strings.Replace(version("v1", "primary"),
		`"annotations":{"aviary.dev/app":"echo","aviary.dev/role":"primary"}`, `"annotations":{"team":"x"}`, 1)
	off := func(text string) string { return strings.Replace(text, `"spec":{`, `"spec":{"replicas":0,`, 1) }
	const unjudged, refused = "Aviary could not judge this and admits it", "aviary could not decide"
	collides := `{"metadata":{"name":"taken-v1","namespace":"n","annotations":{"aviary.dev/app":"taken",
"aviary.dev/version":"v1","aviary.dev/role":"primary","aviary.dev/api-group":"example",
"aviary.dev/promoted-at":"2026-01-02T03:04:05.000Z"}},
"spec":{"selector":{"matchLabels":{"app":"taken","version":"v1"}},"template":{"metadata":{"labels":{"app":"taken",
"version":"v1"}},"spec":{"containers":[{"name":"c","ports":[{"containerPort":80}]}]}}}}`
	cases := map[string]struct {
		reason, resource, subresource, operation, old, new string
		deny, warn                                         string
	}{
		"Scale": {
			"the entry is Ignore", "deployments", "scale", "UPDATE",
			`{"spec":{"replicas":1}}`, `{"spec":{"replicas":0}}`, unjudged, unjudged,
		},
		"UnreadableScale": {
			"as above", "deployments", "scale", "UPDATE", `{"spec":{"replicas":1}}`, `{"spec":[]}`, unjudged, unjudged,
		},
		"StatefulSetScale": {
			"as above", "statefulsets", "scale", "UPDATE", `{"spec":{"replicas":1}}`, `{"spec":{"replicas":0}}`,
			unjudged, unjudged,
		},
		"DaemonSet": {"as above", "daemonsets", "", "DELETE", bare, "", unjudged, unjudged},
		"UnreadableRollout": {
			"as above", "rollouts", "", "CREATE", "", `{"spec":[]}`, unjudged, unjudged,
		},
		"Unannotated": {"as above", "deployments", "", "DELETE", bare, "", unjudged, unjudged},
		"SwitchedOff": {"as above", "deployments", "", "UPDATE", bare, off(bare), unjudged, unjudged},
		"StatefulSet": {
			"whatever its annotations say", "statefulsets", "", "DELETE", version("v1", "primary"), "", unjudged, unjudged,
		},
		"Service": {
			"the entry is Ignore; under warn nothing need be looked up", "services", "", "DELETE", echoService, "", unjudged,
			"[upstream-in-use]",
		},
		"UpstreamGoes": {
			"as above", "upstreams", "", "DELETE", strings.Replace(echoOwn, ","+ownLabels, "", 1), "", unjudged,
			"[upstream-in-use]",
		},
		"TableGoes": {
			"what can't be read can be deleted", "routetables", "", "DELETE", `{"spec":[]}`, "", unjudged, unjudged,
		},
		"UnreadableTable": {
			"the entry is Fail", "routetables", "", "CREATE", "", `{"spec":[]}`,
			"aviary can't read the request", "aviary can't read the request",
		},
		"Annotated": {
			"the entry is Fail", "deployments", "", "DELETE", version("v1", "primary"), "", refused, unjudged,
		},
		"LeavesItsApp": {
			"either object says aviary.dev/…", "deployments", "", "UPDATE", version("v1", "primary"), off(bare), refused,
			unjudged,
		},
		"Collides": {
			"no mode lowers what is about Aviary's own hands", "deployments", "", "CREATE", "", collides, refused, refused,
		},
		"MayNotBeJudged": {"a DELETE makes nothing", "deployments", "", "DELETE", collides, "", refused, unjudged},
	}
	kinds := map[string][2]string{
		"deployments": {"apps", "Deployment"}, "statefulsets": {"apps", "StatefulSet"},
		"daemonsets": {"apps", "DaemonSet"}, "rollouts": {"argoproj.io", "Rollout"}, "services": {"", "Service"},
		"upstreams": {"gloo.solo.io", "Upstream"}, "routetables": {"gateway.solo.io", "RouteTable"},
	}
	for name, c := range cases {
		for _, enforcement := range []string{"deny", "warn"} {
			t.Run(name+"/"+enforcement, func(t *testing.T) {
				t.Parallel()
				store := inventory.NewStore()
				put(t, store, deploymentKind, version("v1", "primary"))
				put(t, store, tableKind, byHand)
				put(t, store, upstreamKind, echoOwn)
				put(t, store, serviceKind, echoService)
				put(t, store, serviceKind, strings.Replace(echoService, `"name":"echo"`, `"name":"taken"`, 1))
				v, want := validator(t, store), c.deny
				if enforcement == "warn" {
					v, want = underWarn(t, v), c.warn
				}
				v.Live = away()
				kind := kinds[c.resource]
				body := review(t, c.resource, kind[0], kind[1], c.operation, text(c.new), text(c.old))
				if c.subresource != "" {
					body = bytes.Replace(body, []byte(`"operation"`), []byte(`"subResource":"scale","operation"`), 1)
				}
				got := post(t, v, body)
				said := strings.Join(got.Warnings, "\n")
				if got.Result != nil {
					said += got.Result.Message
				}
				says := strings.Contains(said, want)
				if want == unjudged {
					says = says && (strings.Contains(said, "busy") || strings.Contains(said, "spec"))
				}
				if got.Allowed == strings.HasPrefix(want, "aviary ") || !says {
					t.Errorf("%s: allowed %v, says %s; want %q", c.reason, got.Allowed, said, want)
				}
				if told := got.AuditAnnotations["unjudged"] != ""; told != (want == unjudged) {
					t.Errorf("%s: the audit log must tell of it: %v", c.reason, got.AuditAnnotations)
				}
			})
		}
	}
}

// A denial that rests on what was looked up stands while it is not known whether an override holds.
func TestAnUnknownOverrideLowersNothing(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	v := validator(t, store)
	v.Rights = rights{errors.New("the server is busy")}
	body := review(t, "routetables", "gateway.solo.io", "RouteTable", "CREATE", []byte(`{"metadata":{"name":"r",
"namespace":"n","annotations":{"aviary.dev/override":"weights-sum: INC-1"}},"spec":{"routes":[
{"routeAction":{"multi":{"destinations":[
 {"weight":60,"destination":{"upstream":{"name":"echo"},"subset":{"values":{"version":"v1"}}}},
 {"weight":30,"destination":{"upstream":{"name":"echo"},"subset":{"values":{"version":"v2"}}}}]}}}]}}`), nil)
	got := post(t, v, bytes.Replace(body, []byte(`"userInfo":{`), []byte(`"userInfo":{"username":"jane"`), 1))
	const want = "raise v1 to 70; whether jane may override it could not be looked up: the server is busy"
	if got.Allowed || got.Result.Code != 422 || !strings.Contains(got.Result.Message, want) {
		t.Errorf("allowed %v, %v; want %q", got.Allowed, got.Result, want)
	}
}
