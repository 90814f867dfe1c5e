package audit

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	eventsv1 "k8s.io/api/events/v1"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/tools/events"

	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
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

// What is told of an object must be written even if something else was told of it before: client-go folds Events that
// regard the same.
func TestTellEachFinding(t *testing.T) {
	t.Parallel()
	w := make(written, 10)
	broadcaster := events.NewBroadcaster(w)
	if err := broadcaster.StartRecordingToSinkWithContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	defer broadcaster.Shutdown()
	s := &Standing{Events: broadcaster.NewRecorder(scheme.Scheme, "aviary")}
	for _, x := range []struct{ version, field, message, want string }{
		{"1", "spec.routes[0]", "no v2", "spec.routes[0]: [version-deployed] no v2; "},
		{"1", "spec.routes[1]", "no v3", "spec.routes[1]: [version-deployed] no v3; "},
		{"1", "spec.routes[0]", "no v2", "again"},
		{"2", "spec.routes[0]", "no v4", "spec.routes[0]: [version-deployed] no v4; "},
	} {
		table := &inventory.Table{Table: route.Table{Kind: gloo.KindRouteTable, Ref: route.Ref{Namespace: "echo", Name: "by-hand"}}, Mark: inventory.Mark{UID: "u", ResourceVersion: x.version}}
		s.tell(table, []policy.Finding{{Rule: "version-deployed", Field: x.field, Message: x.message}})
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
