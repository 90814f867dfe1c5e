package rejudge

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// Of an object that somebody breaks in another way again and again, a few faults are told at once, and the one that it
// has then once a minute. What stands in the end is told.
func TestToldNowAndThen(t *testing.T) {
	t.Parallel()
	const table = `{"metadata":{"name":"by-hand","namespace":"n","uid":"1","resourceVersion":"%d"},"spec":{"routes":[{
"matchers":[{"prefix":"/echo"}],"routeAction":{"multi":{"destinations":[{"weight":%d,"destination":{"upstream":
{"name":"echo","namespace":"n"},"subset":{"values":{"version":"v1"}}}},{"weight":50,"destination":{"upstream":
{"name":"echo","namespace":"n"},"subset":{"values":{"version":"v1"}}}}]}}}]}}`
	j := newJudge(t)
	synctest.Test(t, func(t *testing.T) {
		store, recorder := inventory.NewStore(), &actions{}
		live := inventorytest.Cluster(fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).Build())
		r := &Rejudger{Judge: func() *judge.Judge { return j }, Store: store, Live: live, Events: recorder}
		r.Listen()
		hit := func(i, weight int) int {
			f, err := glootest.Kinds().Decode(gloo.RouteTableKind.GroupKind(), fmt.Appendf(nil, table, i, weight))
			if err != nil {
				t.Fatal(err)
			}
			store.Put(f)
			before := len(recorder.notes)
			r.judge(t.Context(), f.Identity())
			return len(recorder.notes) - before
		}
		contested := true
		r.Contested = func(route.ID) bool { return contested }
		if hit(0, 60) > 0 {
			t.Error("it is told by whoever puts it back")
		}
		contested = false
		if hit(0, 60) == 0 || hit(0, 50) > 0 {
			t.Error("what stands afterwards must be told")
		}
		time.Sleep(toldInARow * restTold) //nolint:forbidigo // of the bubble's clock
		told := 0
		for i := range 60 {
			if hit(2*i, 51+i%40) > 0 {
				told++
			}
			hit(2*i+1, 50)                             // it is put back
			time.Sleep(time.Second - time.Millisecond) //nolint:forbidigo // of the bubble's clock
		}
		if told != toldInARow {
			t.Errorf("it is told %d times", told)
		}
		if hit(200, 60) > 0 || hit(201, 60) > 0 {
			t.Error("it is too soon")
		}
		time.Sleep(time.Second) //nolint:forbidigo // of the bubble's clock
		if hit(202, 60) == 0 || hit(203, 60) > 0 {
			t.Error("what stands must be told, once")
		}
	})
}
