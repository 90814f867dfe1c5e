package judge_test

import (
	"slices"
	"testing"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// TestEveryFactIsJudged has an empty object of every kind created and deleted: what has no case would be refused or
// admitted unjudged, as failurePolicy says.
func TestEveryFactIsJudged(t *testing.T) {
	t.Parallel()
	j := judgeWith(t, policy.DefaultConfig(), glootest.Kinds())
	for _, kind := range glootest.Kinds().All() {
		t.Run(kind.Kind, func(t *testing.T) {
			t.Parallel()
			object := kind.New()
			object.SetName("a")
			f := kind.Fact(object)
			for _, r := range []judge.Request{{Operation: judge.Create, New: f}, {Operation: judge.Delete, Old: f}} {
				if _, err := j.Decide(t.Context(), r, inventory.NewStore()); err != nil {
					t.Errorf("%s: %v", r.Operation, err)
				}
			}
		})
	}
}

// TestEveryFactAffects asks of an empty object of every kind what its change affects: what has no case would be judged
// again by nobody.
func TestEveryFactAffects(t *testing.T) {
	t.Parallel()
	j := judgeWith(t, policy.DefaultConfig(), glootest.Kinds())
	for _, kind := range glootest.Kinds().All() {
		object := kind.New()
		object.SetName("a")
		f := kind.Fact(object)
		ids, err := j.Affected(t.Context(), []judge.Change{{New: f}}, inventory.NewStore())
		if err != nil || !slices.Contains(ids, f.Identity()) {
			t.Errorf("%s: affects %v, %v", kind.Kind, ids, err)
		}
	}
}
