package rejudge

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	corev1 "k8s.io/api/core/v1"
	eventsv1 "k8s.io/api/events/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// written has what becomes of Events: the texts of new ones, and "again" for those that repeat one.
type written chan string

func (w written) Create(_ context.Context, e *eventsv1.Event) (*eventsv1.Event, error) {
	w <- e.Note
	return e, nil
}

func (w written) Update(_ context.Context, e *eventsv1.Event) (*eventsv1.Event, error) { return e, nil }

func (w written) Patch(_ context.Context, e *eventsv1.Event, _ []byte) (*eventsv1.Event, error) {
	w <- "again"
	return e, nil
}

// What is told of an object must be written even if something else was told of it before: client-go
// folds Events that regard the same.
func TestTellEachFinding(t *testing.T) {
	t.Parallel()
	w := make(written, 10)
	broadcaster := events.NewBroadcaster(w)
	if err := broadcaster.StartRecordingToSinkWithContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer broadcaster.Shutdown()
	r := &Rejudger{Events: broadcaster.NewRecorder(scheme.Scheme, "aviary")}
	id := route.ID{GroupKind: gloo.RouteTableKind.GroupKind(), Ref: route.Ref{Namespace: "echo", Name: "by-hand"}}
	for _, x := range []struct{ version, field, message, want string }{
		{"1", "spec.routes[0]", "no v2", "spec.routes[0]: [version-deployed] no v2; "},
		{"1", "spec.routes[1]", "no v3", "spec.routes[1]: [version-deployed] no v3; "},
		{"1", "spec.routes[0]", "no v2", "again"},
		{"2", "spec.routes[0]", "no v4", "spec.routes[0]: [version-deployed] no v4; "},
	} {
		table := &fact.Table{
			Table: route.Table{ID: id}, Managed: fact.Managed{UID: "u", ResourceVersion: x.version},
		}
		r.tell(glootest.Kinds(), table, []policy.Finding{{Rule: "version-deployed", Field: x.field, Message: x.message}})
		select {
		case got := <-w:
			if diff := cmp.Diff(x.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", x.message, diff)
			}
		case <-time.After(10 * time.Second):
			t.Errorf("%s of resource version %s was told to nobody", x.message, x.version)
		}
	}
}

// A version that bare Pods run is not told of as missing: Pods are asked for, but only once
// something is.
func TestRejudgerAsksForPods(t *testing.T) {
	t.Parallel()
	running := &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{
			Name: "bare", Namespace: "echo", Labels: map[string]string{"app": "echo", "version": "v2"},
		},
		Status: corev1.PodStatus{Phase: corev1.PodRunning},
	}
	decode := func(kind schema.GroupKind, text string) fact.Fact {
		t.Helper()
		f, err := glootest.Kinds().Decode(kind, []byte(text))
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	deployment := func(version string) fact.Fact {
		return decode(fact.DeploymentKind, `{"metadata":{"name":"echo-`+version+`","namespace":"echo","uid":"u"},
"spec":{"template":{"metadata":{"labels":{"app":"echo","version":"`+version+`"}}}},"status":{"availableReplicas":1}}`)
	}
	for name, c := range map[string]struct {
		deployed string
		routed   string
		fails    error
		lists    int
		missing  bool
	}{
		"AllOnPods":   {"", "v2", nil, 1, false},
		"Beside":      {"v1", "v2", nil, 1, false},
		"Missing":     {"v1", "v9", nil, 1, true},
		"NothingToDo": {"v2", "v2", errors.New("busy"), 0, false},
		"Unknown":     {"v1", "v2", errors.New("busy"), 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			store, lists := inventory.NewStore(), 0
			if c.deployed != "" {
				store.Put(deployment(c.deployed))
			}
			table := decode(gloo.RouteTableKind.GroupKind(), `{"metadata":{"name":"by-hand","namespace":"echo"},
"spec":{"routes":[
{"matchers":[{"prefix":"/echo"}],"routeAction":{"single":{"upstream":{"name":"echo"},
"subset":{"values":{"version":"`+c.routed+`"}}}}}]}}`)
			builder := fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).WithObjects(running.DeepCopy())
			live := builder.WithInterceptorFuncs(interceptor.Funcs{
				List: func(ctx context.Context, w client.WithWatch, list client.ObjectList, options ...client.ListOption) error {
					lists++
					if c.fails != nil {
						return c.fails
					}
					return w.List(ctx, list, options...)
				},
			}).Build()
			j := newJudge(t)
			r := &Rejudger{Judge: func() *judge.Judge { return j }, Store: store, Live: inventorytest.Cluster(live)}
			findings, err := r.decide(t.Context(), table)
			if !errors.Is(err, c.fails) && c.lists > 0 || lists != c.lists {
				t.Errorf("error %v, %d lists of Pods; want %v, %d", err, lists, c.fails, c.lists)
			}
			missing := func(f policy.Finding) bool { return f.Rule == "version-deployed" }
			if err == nil && slices.ContainsFunc(findings, missing) != c.missing {
				t.Errorf("found %v", findings)
			}
		})
	}
}

func newJudge(t *testing.T) *judge.Judge {
	t.Helper()
	engine, err := policy.New(t.Context(), policy.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	kinds := glootest.Kinds()
	return judge.New(engine, policy.DefaultConfig().Settings(kinds.Keys()), kinds)
}
