package audit_test

import (
	"context"
	"testing"
	"time"

	"go.uber.org/goleak"
	"k8s.io/client-go/tools/events"

	"aviary.dev/audit"
	"aviary.dev/convention"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// What Start starts ends with its context, also where it never got to judge.
func TestStandingLeavesNothingBehind(t *testing.T) {
	engine, err := policy.New(t.Context(), policy.DefaultConfig())
	if err != nil {
		t.Fatal(err)
	}
	j := judge.New(engine, policy.DefaultConfig().Settings(convention.DefaultLabelKeys()))
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	for name, synced := range map[string]func(context.Context) error{
		"synced": func(context.Context) error { return nil },
		"never synced": func(ctx context.Context) error {
			<-ctx.Done()
			return ctx.Err()
		},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		s := &audit.Standing{
			Judge: func() *judge.Judge { return j }, Store: inventory.NewStore(), Synced: synced,
			Events: events.NewFakeRecorder(10), Interval: time.Minute,
		}
		s.Listen()
		ended := make(chan error, 1)
		go func() { ended <- s.Start(ctx) }()
		s.Store.Put(&inventory.Namespace{Name: "n"})
		cancel()
		if err := <-ended; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
