package stories

import (
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// waitEvent waits for an Event in the story's namespace and returns how often it came.
func (s *story) waitEvent(reason, text string) (count int64) {
	s.Helper()
	s.eventually("an Event "+reason, func() (err error) {
		if count, err = s.events(reason, text); err == nil && count == 0 {
			err = fmt.Errorf("there is none that says %q", text)
		}
		return err
	})
	return count
}

// countEvents returns how often an Event came.
func (s *story) countEvents(reason, text string) int64 {
	s.Helper()
	count, err := s.events(reason, text)
	s.must(err)
	return count
}

// events returns how often an Event with a reason and a part of its text came.
func (s *story) events(reason, text string) (count int64, err error) {
	list, err := s.client("events").List(s.Context(), metav1.ListOptions{})
	if err != nil {
		return 0, err
	}
	for _, e := range list.Items {
		if e.Object["reason"] == reason && strings.Contains(fmt.Sprint(e.Object["note"]), text) {
			n, _, _ := unstructured.NestedInt64(e.Object, "series", "count")
			count += max(n, 1)
		}
	}
	return count, nil
}

// waitRuleBroken waits for the Event that RouteTable by-hand now breaks a rule, and returns how
// long that took.
func (q direct) waitRuleBroken(rule string, began time.Time) time.Duration {
	q.Helper()
	q.eventually("an Event about RouteTable by-hand", func() error {
		events, err := q.client("events").List(q.Context(), metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, e := range events.Items {
			regarding, _ := e.Object["regarding"].(map[string]any)
			note := fmt.Sprint(e.Object["note"])
			about := regarding["kind"] == "RouteTable" && regarding["name"] == "by-hand"
			if about && e.Object["reason"] == "RuleBroken" && strings.Contains(note, "["+rule+"]") {
				return nil
			}
		}
		return fmt.Errorf("%d Events, none of them", len(events.Items))
	})
	return time.Since(began)
}
