package rejudge

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/events"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

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
	r := &Rejudger{Store: inventory.NewStore(), Events: broadcaster.NewRecorder(scheme.Scheme, "aviary")}
	const told = "[version-deployed] %s; "
	for _, x := range []struct {
		version, field string
		messages, want []string
	}{
		{"1", "spec.routes[0]", []string{"no v2"}, []string{"no v2"}},
		{"1", "spec.routes[1]", []string{"no v2"}, []string{"no v2"}},
		{"1", "spec.routes[0]", []string{"no v2"}, []string{"again"}},
		{"1", "spec.routes[0]", []string{"no v3"}, []string{"no v3"}},
		{"1", "spec.routes[0]", []string{"no v5", "no v6"}, []string{"no v5", "no v6"}},
		{"2", "spec.routes[0]", []string{"no v2"}, []string{"no v2"}},
	} {
		var findings []policy.Finding
		for _, message := range x.messages {
			findings = append(findings, policy.Finding{Rule: "version-deployed", Field: x.field, Message: message})
		}
		r.tell(t.Context(), glootest.Kinds(), byHand("echo", "u", x.version), findings)
		var got, want []string
		for _, text := range x.want {
			if text != "again" {
				text = x.field + ": " + fmt.Sprintf(told, text)
			}
			want = append(want, text)
			select {
			case text := <-w:
				got = append(got, text)
			case <-time.After(10 * time.Second):
			}
		}
		slices.Sort(got) // because each is written by a goroutine of its own
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%v of resource version %s (-want +got):\n%s", x.messages, x.version, diff)
		}
	}
}

func byHand(namespace, uid, version string) *fact.Table {
	id := route.ID{GroupKind: gloo.RouteTableKind.GroupKind(), Ref: route.Ref{Namespace: namespace, Name: "by-hand"}}
	return &fact.Table{
		Table: route.Table{ID: id}, Managed: fact.Managed{UID: types.UID(uid), ResourceVersion: version},
	}
}

// Of very many findings of one object the first are told, and how many there are; of one in a namespace that is being
// deleted, none.
func TestTellSoMany(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	store.Put(&fact.Namespace{Name: "stays"})
	store.Put(&fact.Namespace{Name: "goes", Terminating: true})
	many := make([]policy.Finding, maxTold+2)
	for i := range many {
		many[i] = policy.Finding{Rule: strings.Repeat("long", 40), Field: fmt.Sprintf("spec.routes[%d]", i), Message: "m"}
	}
	for namespace, want := range map[string]int{"stays": maxTold + 1, "goes": 0, "unseen": maxTold + 1} {
		recorder := &actions{}
		r := &Rejudger{Store: store, Events: recorder}
		r.tell(t.Context(), glootest.Kinds(), byHand(namespace, "u", "1"), many)
		if len(recorder.notes) != want {
			t.Errorf("in namespace %s %d Events are written, must be %d", namespace, len(recorder.notes), want)
		}
		if want > 0 && recorder.notes[maxTold] != "and 2 more findings; kubectl canary audit lists all" {
			t.Errorf("the last says %s", recorder.notes[maxTold])
		}
		if slices.ContainsFunc(recorder.actions, func(a string) bool { return len(a) > 128 }) {
			t.Errorf("an Event's action is too long: %s", recorder.actions)
		}
	}
}

// actions is a recorder that keeps what is told.
type actions struct{ notes, actions []string }

// Eventf implements events.EventRecorder.
func (a *actions) Eventf(_, _ runtime.Object, _, _, action, note string, args ...any) {
	a.actions, a.notes = append(a.actions, action), append(a.notes, fmt.Sprintf(note, args...))
}

// A fault is told once of one object, also where its other parts change, and again of another one of that name. One
// that is being deleted is judged as well: it counts until it is gone.
func TestToldOnceOfEachObject(t *testing.T) {
	t.Parallel()
	const (
		halves = `"routes":[{"matchers":[{"prefix":"/echo"}],"routeAction":{"multi":{"destinations":[
{"weight":50,"destination":{"upstream":{"name":"echo","namespace":"n"},"subset":{"values":{"version":"v1"}}}},
{"weight":%d,"destination":{"upstream":{"name":"echo","namespace":"n"},"subset":{"values":{"version":"v2"}}}}]}}}]`
		going = `,"deletionTimestamp":"2026-01-01T00:00:00Z"`
	)
	store, recorder, j := inventory.NewStore(), &actions{}, newJudge(t)
	live := inventorytest.Cluster(fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme()).Build())
	r := &Rejudger{Judge: func() *judge.Judge { return j }, Store: store, Live: live, Events: recorder}
	r.Listen()
	for _, x := range []struct {
		what, metadata string
		weight, told   int
	}{
		{"a fault", `"uid":"1","resourceVersion":"1"`, 40, 1},
		{"the same fault", `"uid":"1","resourceVersion":"2","labels":{"a":"b"}`, 40, 0},
		{"a new object with it", `"uid":"2","resourceVersion":"3"`, 40, 1},
		{"the same again", `"uid":"2","resourceVersion":"4"`, 40, 0},
		{"it goes, with another fault", `"uid":"2","resourceVersion":"5"` + going, 30, 1},
		{"it is mended", `"uid":"2","resourceVersion":"6"` + going, 50, 0},
		{"a new object without a fault", `"uid":"3","resourceVersion":"7"`, 50, 0},
	} {
		f, err := glootest.Kinds().Decode(gloo.RouteTableKind.GroupKind(),
			fmt.Appendf(nil, `{"metadata":{"name":"by-hand","namespace":"n",%s},"spec":{`+halves+`}}`, x.metadata, x.weight))
		if err != nil {
			t.Fatal(err)
		}
		store.Put(f)
		recorder.notes = nil
		r.judge(t.Context(), f.Identity())
		sums := slices.DeleteFunc(recorder.notes, func(n string) bool { return !strings.Contains(n, "[weights-sum]") })
		if len(sums) != x.told {
			t.Errorf("%s: told %q, must be %d", x.what, recorder.notes, x.told)
		}
	}
}
