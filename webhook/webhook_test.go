package webhook_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/webhook"
)

func validator(t *testing.T, store *inventory.Store) *webhook.Validate {
	t.Helper()
	return validatorBy(t, store, glootest.Kinds())
}

func validatorBy(t *testing.T, store *inventory.Store, kinds *dialect.Kinds) *webhook.Validate {
	t.Helper()
	engine, err := policy.New(t.Context(), policy.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	j := judge.New(engine, policy.DefaultConfig().Settings(kinds.Keys()), kinds)
	return &webhook.Validate{Judge: func() *judge.Judge { return j }, Facts: store}
}

func post(t *testing.T, h admission.Handler, body []byte) *admissionv1.AdmissionResponse {
	t.Helper()
	w := httptest.NewRecorder()
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	webhook.Reviews(h).ServeHTTP(w, r)
	var answer admissionv1.AdmissionReview
	if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Response == nil {
		t.Fatalf("answer %q: %v", w.Body, err)
	}
	return answer.Response
}

// A refusal must read well in every client: kubectl prints the causes, the others the message.
func TestRefusalHoldsEveryFindingTwice(t *testing.T) {
	t.Parallel()
	body := review(t, "routetables", "gateway.solo.io", "RouteTable", "CREATE", []byte(`{"metadata":{"name":"r",
"namespace":"n"},"spec":{"routes":[
{"routeAction":{"multi":{"destinations":[
 {"weight":60,"destination":{"upstream":{"name":"echo"},"subset":{"values":{"version":"v1"}}}},
 {"weight":30,"destination":{"upstream":{"name":"echo"},"subset":{"values":{"version":"v2"}}}}]}}}]}}`), nil)
	got := post(t, validator(t, inventory.NewStore()), body)
	if got.Allowed {
		t.Fatal("weights 60 and 30 were admitted")
	}
	const field = "spec.routes[0].routeAction.multi.destinations"
	const cause = "[weights-sum] weights sum to 90 (v1: 60, v2: 30), must be 100; raise v1 to 70"
	want := &metav1.Status{
		Status: "Failure", Code: 422, Reason: metav1.StatusReasonInvalid, Message: field + ": " + cause,
		Details: &metav1.StatusDetails{
			Name: "r", Group: "gateway.solo.io", Kind: "RouteTable",
			Causes: []metav1.StatusCause{{Type: "weights-sum", Field: field, Message: cause}},
		},
	}
	if diff := cmp.Diff(want, got.Result); diff != "" {
		t.Errorf("status (-want +got):\n%s", diff)
	}
	for _, w := range got.Warnings {
		if len(w) > 256 {
			t.Errorf("a warning of %d bytes: %s", len(w), w)
		}
	}
}

func TestManyFindingsAreCapped(t *testing.T) {
	t.Parallel()
	var routes []string
	for range 40 {
		routes = append(routes, `{"routeAction":{"multi":{"destinations":[
 {"weight":1,"destination":{"upstream":{"name":"a"},"subset":{"values":{"version":"v1"}}}},
 {"weight":2,"destination":{"upstream":{"name":"a"},"subset":{"values":{"version":"v2"}}}}]}}}`)
	}
	body := review(t, "routetables", "gateway.solo.io", "RouteTable", "CREATE",
		[]byte(`{"metadata":{"name":"r","namespace":"n"},"spec":{"routes":[`+strings.Join(routes, ",")+`]}}`), nil)
	got := post(t, validator(t, inventory.NewStore()), body)
	text := got.Result.Message
	if lines := strings.Count(text, "\n") + 1; lines != 21 || !strings.HasSuffix(text, "and 20 more findings") {
		t.Errorf("%d lines: %s", lines, text)
	}
	if len(got.Warnings) != 15 {
		t.Errorf("%d warnings", len(got.Warnings))
	}
}

var deploymentKind = fact.DeploymentKind

// Anybody can write a label; only the object that Aviary really keeps is put back instead of
// judged.
func TestLabelsAloneExemptNothing(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	put(t, store, deploymentKind, `{"metadata":{"name":"echo-v1","namespace":"n","annotations":{"aviary.dev/app":"echo"}},
"spec":{"template":{"metadata":{"labels":{"app":"echo","version":"v1"}}}}}`)
	table := func(name string) []byte {
		return []byte(`{"metadata":{"name":"` + name + `","namespace":"n",
"labels":{"app.kubernetes.io/managed-by":"aviary","aviary.dev/app":"echo"}},
"spec":{"routes":[{"routeAction":{"single":{"upstream":{"name":"echo"},"subset":{"values":{"version":"v1"}}}}},
{"routeAction":{"multi":{"destinations":[{"weight":1,"destination":{"upstream":{"name":"echo"},
"subset":{"values":{"version":"v1"}}}}]}}}]}}`)
	}
	h := validator(t, store)
	for name, allowed := range map[string]bool{"echo-routes": true, "other": false} {
		good := bytes.ReplaceAll(table(name), []byte(`"weight":1`), []byte(`"weight":100`))
		got := post(t, h, review(t, "routetables", "gateway.solo.io", "RouteTable", "UPDATE", table(name), good))
		if got.Allowed != allowed {
			t.Errorf("%s: allowed %v: %v %v", name, got.Allowed, got.Result, got.Warnings)
		}
	}
}

// An override is often set before it is needed: a name without effect must show then.
func TestOverrideOfNoRuleIsToldBeforeItIsNeeded(t *testing.T) {
	t.Parallel()
	deployment := func(override string) []byte {
		return []byte(`{"metadata":{"name":"echo-v1","namespace":"n","annotations":{"aviary.dev/app":"echo",
"aviary.dev/api-group":"example","aviary.dev/override":"` + override + `"}},
"spec":{"selector":{"matchLabels":{"app":"echo","version":"v1"}},"template":{"metadata":{"labels":{"app":"echo",
"version":"v1"}},"spec":{"containers":[{"ports":[{"containerPort":80}]}]}}}}`)
	}
	const told = "names promotoin, which is no rule; did you mean promotion?"
	h := validator(t, inventory.NewStore())
	for name, c := range map[string]struct {
		new, old string
		want     bool
	}{
		"added":           {"promotoin: x", "", true},
		"changed":         {"promotoin: x", "promotion: x", true},
		"was there":       {"promotoin: x", "promotoin: x", false},
		"a rule":          {"promotion: x", "", false},
		"of another form": {"promotoin", "", false},
	} {
		var old []byte
		operation := "CREATE"
		if c.old != "" {
			old, operation = deployment(c.old), "UPDATE"
		}
		got := post(t, h, review(t, "deployments", "apps", "Deployment", operation, deployment(c.new), old))
		if text := strings.Join(got.Warnings, "\n"); strings.Contains(text, told) != c.want {
			t.Errorf("%s: must tell: %v, warns %q, result %v", name, c.want, text, got.Result)
		}
	}
}

// What the Namespace or another version gives may have just been written: before its absence
// refuses, it is read live.
func TestWhatCannotBeDerivedIsReadLive(t *testing.T) {
	t.Parallel()
	object := func(name, port string) string {
		return `{"metadata":{"name":"echo-` + name + `","namespace":"n",
"annotations":{"aviary.dev/app":"echo","aviary.dev/role":"primary",
"aviary.dev/promoted-at":"2026-01-02T03:04:05.000Z"` + port + `}},
"spec":{"selector":{"matchLabels":{"app":"echo",
"version":"` + name + `"}},"template":{"metadata":{"labels":{"app":"echo","version":"` + name + `"}},
"spec":{"containers":[{"name":"c"}]}}}}`
	}
	standby := strings.Replace(object("v2", ""), `"primary"`, `"standby"`, 1)
	// Each case makes its own: the fake client writes a resourceVersion into what it is given.
	namespace := func() client.Object {
		return &corev1.Namespace{ObjectMeta: metav1.ObjectMeta{
			Name: "n", Annotations: map[string]string{"aviary.dev/api-group": "example"},
		}}
	}
	primary := func() client.Object {
		return stored(t, deploymentKind, object("v1", `,"aviary.dev/target-port":"8080"`))
	}
	for name, c := range map[string]struct {
		live []client.Object
		says string
	}{
		"both are there": {[]client.Object{namespace(), primary()}, ""},
		"no group":       {[]client.Object{primary()}, "aviary.dev/api-group]: [annotations-valid] is missing"},
		"no port":        {[]client.Object{namespace()}, "aviary.dev/target-port]: [annotations-valid] is missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := validator(t, inventory.NewStore())
			live := fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).WithObjects(c.live...)
			v.Live = inventorytest.Cluster(live.Build())
			got := post(t, v, review(t, "deployments", "apps", "Deployment", "CREATE", []byte(standby), nil))
			if got.Allowed != (c.says == "") || !got.Allowed && !strings.Contains(got.Result.Message, c.says) {
				t.Errorf("allowed %v, %v; want %q", got.Allowed, got.Result, c.says)
			}
		})
	}
}

func TestMutateFillsAndStamps(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 0, 0, 0, 0, time.UTC)
	m := &webhook.Mutate{Kinds: glootest.Kinds(), Facts: inventory.NewStore(), Now: func() time.Time { return now }}
	got := post(t, m, review(t, "deployments", "apps", "Deployment", "CREATE", []byte(`{"metadata":{"name":"echo-v1",
"namespace":"n",
"annotations":{"aviary.dev/app":"echo","aviary.dev/role":"primary"}},"spec":{"selector":null,"template":{"metadata":{},
"spec":{}}}}`), nil))
	want := `[{"op":"add","path":"/metadata/labels","value":{"app":"echo","version":"v1"}},` +
		`{"op":"add","path":"/spec/template/metadata/labels","value":{"app":"echo","version":"v1"}},` +
		`{"op":"add","path":"/spec/selector","value":{"matchLabels":{"app":"echo","version":"v1"}}},` +
		`{"op":"add","path":"/metadata/annotations/aviary.dev~1promoted-at","value":"2026-11-24T00:00:00.000Z"}]`
	if diff := cmp.Diff(want, string(got.Patch)); diff != "" {
		t.Errorf("patch (-want +got):\n%s", diff)
	}
}

// A table gets its Namespace's group whatever its routes are: they are not looked at.
func TestMutateLabelsTables(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	store.Put(&fact.Namespace{Name: "n", APIGroups: []string{"example", "other"}})
	m := &webhook.Mutate{Kinds: glootest.Kinds(), Facts: store, Now: time.Now}
	for name, c := range map[string]struct{ object, want string }{
		"without labels": {
			`{"metadata":{"namespace":"n"},"spec":{}}`,
			`[{"op":"add","path":"/metadata/labels","value":{"apiGroup":"example"}}]`,
		},
		"with other labels": {
			`{"metadata":{"namespace":"n","labels":{"a":"b"}}}`,
			`[{"op":"add","path":"/metadata/labels/apiGroup","value":"example"}]`,
		},
		"with a group": {`{"metadata":{"namespace":"n","labels":{"apiGroup":"x"}}}`, ""},
		"routes of no form": {
			`{"metadata":{"namespace":"n"},"spec":{"routes":7}}`,
			`[{"op":"add","path":"/metadata/labels","value":{"apiGroup":"example"}}]`,
		},
	} {
		got := post(t, m, review(t, "routetables", "gateway.solo.io", "RouteTable", "CREATE", []byte(c.object), nil))
		if string(got.Patch) != c.want || !got.Allowed {
			t.Errorf("%s: allowed %v, patch %s, want %s", name, got.Allowed, got.Patch, c.want)
		}
	}
}

// Rules know the app and the version by what they are, not by the keys that the platform chose for
// them.
func TestLabelsAgreeByOtherKeys(t *testing.T) {
	t.Parallel()
	keys := convention.DefaultLabelKeys()
	keys.App, keys.Version = "app.kubernetes.io/name", "app.kubernetes.io/version"
	for version, allowed := range map[string]bool{"v1": true, "v2": false} {
		labels := `{"app.kubernetes.io/name":"echo","app.kubernetes.io/version":"` + version + `"}`
		body := review(t, "deployments", "apps", "Deployment", "CREATE", []byte(`{"metadata":{"name":"echo-v1",
"namespace":"n",
"annotations":{"aviary.dev/app":"echo","aviary.dev/version":"v1","aviary.dev/role":"primary",
"aviary.dev/api-group":"example","aviary.dev/promoted-at":"2026-01-02T03:04:05.000Z"}},
"spec":{"selector":{"matchLabels":`+labels+`},"template":{"metadata":{"labels":`+labels+`},
"spec":{"containers":[{"name":"c","ports":[{"containerPort":80}]}]}}}}`), nil)
		got := post(t, validatorBy(t, inventory.NewStore(), dialect.NewKinds(keys, gloo.Dialect{})), body)
		if got.Allowed != allowed || len(got.Warnings) > 0 {
			t.Errorf("labels that say %s: allowed %v, warnings %v, %v", version, got.Allowed, got.Warnings, got.Result)
		}
	}
}
