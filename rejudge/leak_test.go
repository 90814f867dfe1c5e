package rejudge_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"
	"k8s.io/client-go/tools/events"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/rejudge"
)

// What Start starts ends with its context, also where it never got to judge.
func TestRejudgerLeavesNothingBehind(t *testing.T) {
	engine, err := policy.New(t.Context(), policy.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	kinds := glootest.Kinds()
	j := judge.New(engine, policy.DefaultConfig().Settings(kinds.Keys()), kinds)
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for name, synced := range map[string]func(context.Context) error{
		"synced": func(context.Context) error { return nil },
		"never synced": func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		r := &rejudge.Rejudger{
			Judge: func() *judge.Judge { return j }, Store: inventory.NewStore(), Synced: synced,
			Events: events.NewFakeRecorder(10), Interval: time.Minute,
		}
		r.Listen()
		ended := make(chan error, 1)
		go func() { ended <- r.Start(ctx) }()
		r.Store.Put(&fact.Namespace{Name: "n"})
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
