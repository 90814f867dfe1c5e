package inventory

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// tablesAt fills a store with so many led tables of one path.
func tablesAt(n int, path string) *Store {
	s := NewStore()
	for i := range n {
		t := &fact.Table{Led: true}
		t.Namespace, t.Name = "a", fmt.Sprintf("t%05d", i)
		t.Routes = []route.Route{{Matchers: []route.Matcher{{Path: route.Path{Kind: route.Prefix, Value: path}}}}}
		s.Put(t)
	}
	return s
}

// TestWhoAsksHoldsNobody changes the store while it is asked, at every table that the asker looks at, and sees each
// table once.
func TestWhoAsksHoldsNobody(t *testing.T) {
	t.Parallel()
	const n = 3*batch + 1
	led := func(s *Store, keep func(*fact.Table) bool) ([]*fact.Table, error) {
		return s.TablesLed(t.Context(), fact.Led{Namespace: "a"}, 0, keep)
	}
	at := func(s *Store, keep func(*fact.Table) bool) ([]*fact.Table, error) {
		return s.TablesAt(t.Context(), []string{"/x"}, 0, keep)
	}
	under := func(s *Store, keep func(*fact.Table) bool) ([]*fact.Table, error) {
		return s.TablesUnder(t.Context(), fact.Under{Begins: "/"}, 0, keep)
	}
	for name, ask := range map[string]func(*Store, func(*fact.Table) bool) ([]*fact.Table, error){
		"led": led, "at": at, "under": under,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, looks := tablesAt(n, "/x"), 0
			got, err := ask(s, func(seen *fact.Table) bool {
				again := *seen
				s.Put(&again) // waits for ever if the asker holds the store
				looks++
				return true
			})
			if err != nil || len(got) != n || looks != n {
				t.Errorf("%d tables by %d looks, %v; must be %d", len(got), looks, err, n)
			}
		})
	}
}

// TestWhoAsksEndsWithItsRequest looks at no more than a batch once the context has ended.
func TestWhoAsksEndsWithItsRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	s, looks := tablesAt(3*batch, "/x"), 0
	_, err := s.TablesAt(ctx, []string{"/x"}, 0, func(*fact.Table) bool { looks++; cancel(); return false })
	if !errors.Is(err, context.Canceled) || looks > batch {
		t.Errorf("%v after %d looks, must be canceled after at most %d", err, looks, batch)
	}
}
