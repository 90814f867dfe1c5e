package rejudge

import (
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus/testutil"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/events"
	"k8s.io/client-go/util/workqueue"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// A configuration by which live routes get a label that nobody selects is told of by the replica that leads, in an
// Event and in a metric; one by which they don't is not.
func TestReconfigured(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for _, o := range []struct {
		kind schema.GroupKind
		text string
	}{
		{fact.DeploymentKind, `{"metadata":{"name":"echo-v1","namespace":"n","uid":"v1",
"annotations":{"aviary.dev/app":"echo","aviary.dev/role":"primary"}},
"spec":{"template":{"metadata":{"labels":{"app":"echo","version":"v1"}}}},"status":{"availableReplicas":1}}`},
		{fact.ServiceKind, `{"metadata":{"name":"echo","namespace":"n"},
"spec":{"selector":{"app":"echo"},"ports":[{"port":80}]}}`},
		{gloo.UpstreamKind.GroupKind(), `{"metadata":{"name":"echo","namespace":"n"},"spec":{"kube":{
"serviceName":"echo","serviceNamespace":"n","servicePort":80,
"selector":{"app":"echo"},"subsetSpec":{"selectors":[{"keys":["version"]}]}}}}`},
		{gloo.RouteTableKind.GroupKind(), `{"metadata":{"name":"echo-routes","namespace":"n","uid":"table",
"labels":{"app.kubernetes.io/managed-by":"aviary","aviary.dev/app":"echo","apiGroup":"example"}},
"spec":{"routes":[{"matchers":[{"prefix":"/echo"}],
"routeAction":{"single":{"upstream":{"name":"echo"},"subset":{"values":{"version":"v1"}}}}}]}}`},
		{gloo.VirtualServiceKind.GroupKind(), `{"metadata":{"name":"public","namespace":"gloo-system"},
"spec":{"virtualHost":{"domains":["*"],"routes":[
{"matchers":[{"prefix":"/"}],"delegateAction":{"selector":{"labels":{"apiGroup":"example"},"namespaces":["*"]}}}]}}}`},
	} {
		f, err := glootest.Kinds().Decode(o.kind, []byte(o.text))
		if err != nil {
			t.Fatal(err)
		}
		store.Put(f)
	}
	pod := &corev1.ObjectReference{Kind: "Pod", Namespace: "aviary-system", Name: "aviary-0"}
	for name, c := range map[string]struct {
		group string
		mode  policy.Mode
		leads bool
		lists string // what the Namespace lists
		told  bool
	}{
		"another group":          {"other", policy.ModeDeny, true, "", true},
		"a rule that warns":      {"other", policy.ModeWarn, true, "", true},
		"a rule that is off":     {"other", policy.ModeOff, true, "", false},
		"on another replica":     {"other", policy.ModeDeny, false, "", false},
		"the same group":         {"example", policy.ModeDeny, true, "", false},
		"the Namespace has said": {"other", policy.ModeDeny, true, "example", false},
	} {
		ns := &fact.Namespace{Name: "n"}
		if c.lists != "" {
			ns.APIGroups = []string{c.lists}
		}
		store.Put(ns)
		config := policy.DefaultConfig()
		config.Defaults.APIGroup = c.group
		config.Rules = map[string]policy.RuleConfig{"routes-kept": {Mode: c.mode}}
		engine, err := policy.New(t.Context(), config)
		if err != nil {
			t.Fatal(err)
		}
		recorder := events.NewFakeRecorder(10)
		r := &Rejudger{Store: store, Events: recorder}
		if c.leads {
			r.queue = workqueue.NewTypedDelayingQueue[route.ID]()
		}
		before := testutil.ToFloat64(broken.WithLabelValues("routes-kept"))
		r.Reconfigured(t.Context(), judge.New(engine, config.Settings(glootest.Kinds().Keys()), glootest.Kinds()), pod)
		if r.queue != nil {
			r.queue.ShutDown()
		}
		counted := testutil.ToFloat64(broken.WithLabelValues("routes-kept")) - before
		close(recorder.Events)
		said := <-recorder.Events
		const want = "defaults.apiGroup: [routes-kept] no requests would come to live routes of 1 table any more"
		if told := strings.Contains(said, want); told != c.told || !told && said != "" || (counted == 1) != c.told {
			t.Errorf("%s: told %q, counted %v", name, said, counted)
		}
	}
}
