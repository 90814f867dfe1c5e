package rejudge

import (
	"context"
	"errors"
	"slices"
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
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
)

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
