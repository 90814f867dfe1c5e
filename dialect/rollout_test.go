package dialect_test

import (
	"slices"
	"testing"

	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
)

// TestUnwatched: what nobody watches is a kind like others, but no cluster is asked for it.
func TestUnwatched(t *testing.T) {
	t.Parallel()
	kinds := glootest.Kinds()
	isRollout := func(k dialect.Kind) bool { return k.GroupKind() == fact.RolloutKind }
	if slices.ContainsFunc(kinds.Live(), isRollout) || !slices.ContainsFunc(kinds.All(), isRollout) {
		t.Error("Rollouts must be of all kinds, and of none that a cluster is asked for")
	}
	rollout := kinds.Of(fact.RolloutKind)
	if rollout == nil || !slices.Contains(kinds.Judged(), rollout.Kind) {
		t.Error("Rollouts are judged")
	}
	if kinds.Scheme().Recognizes(rollout.GroupVersionKind) {
		t.Error("no client reads Rollouts")
	}
	if len(kinds.All()) != len(kinds.Live())+1 {
		t.Errorf("%d of %d kinds are live", len(kinds.Live()), len(kinds.All()))
	}
}
