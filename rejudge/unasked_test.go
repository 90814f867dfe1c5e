package rejudge

import (
	"strings"
	"testing"

	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/policy/judge"
)

// That Aviary is not asked before the workloads behind a table go is told once of the table, in an Event of its own.
func TestToldOfOtherSubsetKeys(t *testing.T) {
	t.Parallel()
	const table = `{"metadata":{"name":"by-hand","namespace":"n","uid":"1","resourceVersion":"1"},"spec":{"routes":[{
"matchers":[{"prefix":"/echo"}],"routeAction":{"single":{"upstream":{"name":"echo","namespace":"n"},"subset":{"values":
{"KEY":"blue"}}}}}]}}`
	for key, told := range map[string]int{"release": 1, "version": 0} {
		store, recorder, j := inventory.NewStore(), &actions{}, newJudge(t)
		live := inventorytest.Cluster(fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).Build())
		r := &Rejudger{Judge: func() *judge.Judge { return j }, Store: store, Live: live, Events: recorder}
		r.Listen()
		put := func(f fact.Fact, err error) {
			t.Helper()
			if err != nil {
				t.Fatal(err)
			}
			store.Put(f)
		}
		kinds := glootest.Kinds()
		put(kinds.Decode(fact.DeploymentKind, []byte(`{"metadata":{"name":"echo-blue","namespace":"n","uid":"2"},
"spec":{"template":{"metadata":{"labels":{"app":"echo","`+key+`":"blue"}}}},"status":{"availableReplicas":1}}`)))
		put(kinds.Decode(gloo.UpstreamKind.GroupKind(), []byte(`{"metadata":{"name":"echo","namespace":"n"},
"spec":{"kube":{"selector":{"app":"echo"},"serviceName":"echo","serviceNamespace":"n",
"subsetSpec":{"selectors":[{"keys":["`+key+`"]}]}}}}`)))
		f, err := kinds.Decode(gloo.RouteTableKind.GroupKind(), []byte(strings.Replace(table, "KEY", key, 1)))
		put(f, err)
		r.judge(t.Context(), f.Identity())
		r.judge(t.Context(), f.Identity())
		said := strings.Join(recorder.notes, "\n")
		if n := strings.Count(said, "their workloads lack the label version"); n != told {
			t.Errorf("%s: told %d times: %s", key, n, said)
		}
	}
}
