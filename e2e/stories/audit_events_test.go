package stories

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// waitBroken waits for Events RuleBroken about an object, one for each of these texts.
func (s *story) waitBroken(o *unstructured.Unstructured, texts ...string) {
	s.Helper()
	s.eventually(fmt.Sprintf("Events about %s %s", o.GetKind(), o.GetName()), func() error {
		events, err := s.client("events").List(s.Context(), metav1.ListOptions{})
		if err != nil {
			return err
		}
		var notes []string
		for _, e := range events.Items {
			uid, _, _ := unstructured.NestedString(e.Object, "regarding", "uid")
			if e.Object["reason"] != "RuleBroken" || uid != string(o.GetUID()) {
				continue
			}
			notes = append(notes, fmt.Sprint(e.Object["note"]))
		}
		for _, text := range texts {
			tells := func(note string) bool { return strings.Contains(note, text) && !strings.Contains(note, "\n") }
			if !slices.ContainsFunc(notes, tells) {
				return fmt.Errorf("none is about %q alone: %q", text, notes)
			}
		}
		return nil
	})
}

// TestEvents breaks rules past admission, as two requests at once can. Each fault has an Event of its own with its
// text: several at once, one after the other, and those of an object that is made anew with them.
func TestEvents(t *testing.T) {
	t.Parallel()
	s := begin(t, "events")
	s.exposeTables()
	s.apply(fmt.Sprintf(readTestdata(t, "three-kinds.yaml"), s.namespace)).mustSucceed()
	s.waitAvailable("plain-v1")
	bypass := s.bypass()
	const missing = "no workload has version "

	s.step("two faults at once")
	broken := replace(s.table("by-hand", destination{"v8", 50}, destination{"v9", 50}), "name: echo,", "name: plain,")
	s.must(bypass.create(t.Context(), broken))
	s.waitBroken(s.mustGet("routetables", "by-hand"), missing+"v8", missing+"v9")

	s.step("the same faults of an object that is made anew at once")
	s.must(bypass.remove(t.Context(), "RouteTable", "by-hand"))
	s.must(bypass.create(t.Context(), broken))
	s.waitBroken(s.mustGet("routetables", "by-hand"), missing+"v8", missing+"v9")

	s.step("two faults one after the other, of an object that nobody touches")
	s.must(bypass.patch(t.Context(), "StatefulSet", "plain-v2", `{"spec": {"replicas": 0}}`))
	plain := s.mustGet("routetables", "plain")
	s.waitBroken(plain, missing+"v2")
	s.must(bypass.remove(t.Context(), "DaemonSet", "plain-v3"))
	s.waitBroken(plain, missing+"v2", missing+"v3")
}
