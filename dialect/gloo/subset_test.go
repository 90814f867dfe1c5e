package gloo

import (
	"fmt"
	"sync"
	"testing"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/google/go-cmp/cmp"
)

// What is remembered of subsets stays bounded, and never answers for another text.
func TestSubsetsAreRememberedWithinBounds(t *testing.T) {
	t.Parallel()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			for i := range 3 * mostSaid {
				version := fmt.Sprintf("v%d", i/2)
				var got Subset
				if err := jsonv2.Unmarshal([]byte(`{"values": {"version": "`+version+`"}}`), &got); err != nil {
					t.Error(err)
				}
				if diff := cmp.Diff(map[string]string{"version": version}, got.Values); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
	all.Wait()
	var bad Subset
	for range 2 {
		if err := jsonv2.Unmarshal([]byte(`{"values": {"version": "v1", "version": "v2"}}`), &bad); err == nil {
			t.Error("a key that stands twice was taken")
		}
	}
	said.Lock()
	defer said.Unlock()
	if len(said.by) > mostSaid {
		t.Errorf("%d are remembered, must be at most %d", len(said.by), mostSaid)
	}
}
