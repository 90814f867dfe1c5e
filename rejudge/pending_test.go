package rejudge

import (
	"context"
	"fmt"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/tools/events"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy/judge"
)

// What an object was in between is kept, as others were judged beside it; but not without a bound.
func TestPending(t *testing.T) {
	t.Parallel()
	p := newPending()
	state := func(n int) fact.Fact { return &fact.Namespace{Name: "n", APIGroups: []string{fmt.Sprint(n)}} }
	p.add(nil, state(0))
	for n := range 100 {
		p.add(state(n), state(n+1))
	}
	p.add(&fact.Namespace{Name: "other"}, nil)
	list := p.of[fact.NamespaceID("n")]
	if len(list) != statesKept || list[0].Old != nil || len(p.of) != 2 {
		t.Fatalf("%d changes of %d objects are kept: %v", len(list), len(p.of), list)
	}
	for i, c := range list[1:] {
		was := list[i].New.(*fact.Namespace).APIGroups[0]
		if c.Old.(*fact.Namespace).APIGroups[0] != was {
			t.Errorf("change %d does not follow the one before", i+1)
		}
	}
	if last := list[len(list)-1].New.(*fact.Namespace).APIGroups[0]; last != "100" {
		t.Errorf("the last state is %s", last)
	}
}

// The watch waits for nothing: who is concerned is found out by another goroutine, and all that a parent leads to are
// judged once it has come.
func TestFollow(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	j, store := newJudge(t), inventory.NewStore()
	r := &Rejudger{
		Judge: func() *judge.Judge { return j }, Store: store, Synced: func(context.Context) error { return nil },
		Events: events.NewFakeRecorder(100), Interval: time.Hour,
	}
	r.Listen()
	ended := make(chan error, 1)
	go func() { ended <- r.Start(ctx) }()
	eventually(t, "it to lead", r.leads)
	put := func(kind, text string) {
		t.Helper()
		f, err := glootest.Kinds().Decode(gloo.RouteTableKind.GroupKind(), []byte(text))
		if kind == "VirtualService" {
			f, err = glootest.Kinds().Decode(gloo.VirtualServiceKind.GroupKind(), []byte(text))
		}
		if err != nil {
			t.Fatal(err)
		}
		store.Put(f)
	}
	put("RouteTable", `{"metadata":{"name":"t","namespace":"a","labels":{"g":"x"}},"spec":{"routes":[
{"matchers":[{"prefix":"/b"}],"redirectAction":{"hostRedirect":"x"}}]}}`)
	put("VirtualService", `{"metadata":{"name":"vs","namespace":"p"},"spec":{"virtualHost":{"domains":["d"],"routes":[
{"matchers":[{"prefix":"/api"}],"delegateAction":{"selector":{"namespaces":["*"],"labels":{"g":"x"}}}}]}}}`)
	if r.Idle() {
		t.Error("it is idle with two changes that nobody has looked at")
	}
	unaccepted := func() bool {
		for _, list := range r.Take() {
			for _, record := range list {
				for _, f := range record.Findings {
					if f.Rule == "parent-accepts" {
						return true
					}
				}
			}
		}
		return false
	}
	eventually(t, "the table that the parent leads to to be judged", unaccepted)
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	look := func(context.Context) (bool, error) { return is(), nil }
	if err := wait.PollUntilContextTimeout(t.Context(), time.Millisecond, time.Minute, true, look); err != nil {
		t.Fatalf("waited for %s: %v", what, err)
	}
}
