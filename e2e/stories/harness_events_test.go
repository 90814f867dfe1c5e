package stories

import (
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// waitEvent waits for an Event in the story's namespace and returns how often it came.
func (s *story) waitEvent(reason, says string) (count int64) {
	s.Helper()
	s.eventually("an Event "+reason, func() error {
		count = s.countEvents(reason, says)
		if count == 0 {
			return fmt.Errorf("there is none that says %q", says)
		}
		return nil
	})
	return count
}

func (s *story) countEvents(reason, says string) (count int64) {
	s.Helper()
	list, err := s.objects.Resource(gvr("events")).Namespace(s.namespace).List(s.Context(), metav1.ListOptions{})
	if err != nil {
		s.Fatal(err)
	}
	for _, e := range list.Items {
		if e.Object["reason"] == reason && strings.Contains(fmt.Sprint(e.Object["note"]), says) {
			n, _, _ := unstructured.NestedInt64(e.Object, "series", "count")
			count += max(n, 1)
		}
	}
	return count
}

// waitRuleBroken waits for the Event that RouteTable by-hand now breaks a rule, and returns how
// long that took.
func (q direct) waitRuleBroken(rule string, began time.Time) time.Duration {
	q.Helper()
	q.eventually("an Event about RouteTable by-hand", func() error {
		events, err := q.objects.Resource(gvr("events")).Namespace(q.namespace).List(q.Context(), metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, e := range events.Items {
			regarding, _ := e.Object["regarding"].(map[string]any)
			note := fmt.Sprint(e.Object["note"])
			if e.Object["reason"] == "RuleBroken" && regarding["kind"] == "RouteTable" && regarding["name"] == "by-hand" && strings.Contains(note, "["+rule+"]") {
				return nil
			}
		}
		return fmt.Errorf("%d Events, none of them", len(events.Items))
	})
	return time.Since(began)
}
