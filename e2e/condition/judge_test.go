package condition_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/condition"
)

// TestJudge plays histories of an app. Each that is wrong has a near miss beside it.
func TestJudge(t *testing.T) {
	t.Parallel()
	both := []func(*history){up("v1", "primary"), up("v2", "canary"), table("v1 50 v2 50"), wait(5)}
	for _, c := range []struct {
		name  string
		steps []func(*history)
		wrong string // A part of what is wrong; empty if nothing is.
	}{
		{"a rise to nobody", []func(*history){
			up("v1", "primary"), created("v2", "canary"), table("v1 100 v2 0"), wait(2),
			table("v1 50 v2 50"),
		}, "raises the share of echo/v2 from 0 to 50"},
		{"a rise that comes a moment too early", []func(*history){
			up("v1", "primary"), wait(2), created("v2", "canary"),
			table("v1 50 v2 50"),
		}, ""},
		{"a rise to somebody", []func(*history){up("v1", "primary"), up("v2", "canary"), wait(2), table("v1 50 v2 50")}, ""},
		{"nobody is available", []func(*history){
			created("v1", "primary"), created("v2", "canary"), wait(5),
			table("v1 50 v2 50"),
		}, ""},
		{"a rise to one that an autoscaler wakes", []func(*history){
			up("v1", "primary"), created("v2", "ungated"), wait(5),
			table("v1 50 v2 50"),
		}, ""},
		{"a share that stays", append(both[:4:4], dead("v2"), wait(1), table("v1 100 v2 0"), up("v2", "canary"),
			table("v1 50 v2 50")), ""},
		{"a table that comes back as it was", append(both[:4:4], dead("v1"), tableGone, wait(5), table("v1 50 v2 50")), ""},
		{
			"a table that comes back otherwise", append(both[:4:4], dead("v1"), tableGone, wait(5), table("v1 100 v2 0")),
			"raises the share of echo/v1 from 50 to 100",
		},
		{"the last replica, deleted", append(both[:4:4], gone("v2"), wait(3)), "took the last available replica of echo/v2"},
		{"the last replica, deleted, and the table follows", append(both[:4:4], gone("v2"), wait(1), table("v1 100"),
			wait(3)), ""},
		{
			"the last replica, scaled away", append(both[:4:4], scaled("v2"), wait(3)),
			"took the last available replica of echo/v2",
		},
		{"nobody left", append(both[:4:4], dead("v1"), wait(1), gone("v2")), "no other version has one"},
		{"the last version", []func(*history){up("v1", "primary"), table("v1 100"), wait(2), gone("v1"), wait(5)}, ""},
		{"a dead one under an heir", []func(*history){
			up("v1", "standby"), up("v2", "primary"), table("v1 100"), wait(2),
			dead("v1"), wait(3),
		}, "echo/v2 is to have the traffic"},
		{"a dead one that is back", []func(*history){
			up("v1", "standby"), up("v2", "primary"), table("v1 100"), wait(2),
			dead("v1"), wait(1), up("v1", "standby"), wait(3),
		}, ""},
		{"a dead one whose heir follows", []func(*history){
			up("v1", "standby"), up("v2", "primary"), table("v1 100"), wait(2),
			dead("v1"), wait(1), table("v2 100"), wait(3),
		}, ""},
		{"a dead primary without an heir", append(both[:4:4], dead("v1"), wait(9)), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			h := &history{judge: condition.New(), now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
			for _, step := range c.steps {
				step(h)
			}
			h.judge.End(h.now)
			wrong := strings.Join(h.judge.Wrong, "\n")
			if (wrong != "") != (c.wrong != "") || !strings.Contains(wrong, c.wrong) {
				t.Errorf("it must find %q wrong, finds %q in\n%s", c.wrong, wrong, condition.History(h.events))
			}
		})
	}
}

// TestSpared expects no complaint of what a story takes away on purpose, or while nobody leads.
func TestSpared(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*condition.Judge){
		"spared":    func(j *condition.Judge) { j.Spared["echo/v2"] = true },
		"no leader": func(j *condition.Judge) { j.NoLeader = true },
	} {
		h := &history{judge: condition.New(), now: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)}
		change(h.judge)
		for _, step := range []func(*history){
			up("v1", "primary"), up("v2", "canary"), table("v1 50 v2 50"), wait(5), gone("v2"), wait(5),
		} {
			step(h)
		}
		if h.judge.End(h.now); len(h.judge.Wrong) > 0 {
			t.Errorf("%s: nothing must be wrong, is %q", name, h.judge.Wrong)
		}
	}
}

// history makes events for a judge.
type history struct {
	judge  *condition.Judge
	now    time.Time
	events []condition.Event
}

func (h *history) see(object map[string]any, gone bool) {
	e := condition.Event{
		Version: uint64(len(h.events)), Arrived: h.now, Gone: gone,
		Object: &unstructured.Unstructured{Object: object},
	}
	h.events = append(h.events, e)
	h.judge.See(e)
}

func (h *history) pod(version string, ready string, gone bool) {
	h.see(map[string]any{
		"kind": "Pod", "metadata": map[string]any{
			"name":   "echo-" + version + "-1",
			"labels": map[string]any{"app": "echo", "version": version},
		},
		"status": map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": ready}}},
	}, gone)
}

func (h *history) deployment(version, role string, replicas, available int64, gone bool) {
	annotations := map[string]any{"aviary.dev/app": "echo", "aviary.dev/role": role}
	if role == "ungated" {
		annotations["aviary.dev/role"], annotations["aviary.dev/ungated"] = "canary", "true"
	}
	h.see(map[string]any{
		"kind": "Deployment", "metadata": map[string]any{"name": "echo-" + version, "annotations": annotations},
		"spec": map[string]any{"replicas": replicas, "template": map[string]any{"metadata": map[string]any{
			"labels": map[string]any{"app": "echo", "version": version},
		}}},
		"status": map[string]any{"availableReplicas": available},
	}, gone)
}

func created(version, role string) func(*history) {
	return func(h *history) { h.deployment(version, role, 1, 0, false) }
}

func up(version, role string) func(*history) {
	return func(h *history) { h.pod(version, "True", false); h.deployment(version, role, 1, 1, false) }
}

// dead leaves the role as it was, which the events of these histories say.
func dead(version string) func(*history) {
	return func(h *history) {
		role := "canary"
		for _, e := range h.events {
			if e.Object.GetName() == "echo-"+version {
				role = e.Object.GetAnnotations()["aviary.dev/role"]
			}
		}
		h.pod(version, "False", false)
		h.deployment(version, role, 1, 0, false)
	}
}

func gone(version string) func(*history) {
	return func(h *history) { h.deployment(version, "canary", 1, 1, true); h.pod(version, "False", true) }
}

func scaled(version string) func(*history) {
	return func(h *history) { h.deployment(version, "canary", 0, 1, false) }
}

func wait(seconds int) func(*history) {
	return func(h *history) { h.now = h.now.Add(time.Duration(seconds) * time.Second) }
}

func tableGone(h *history) { h.see(routeTable(), true) }

// table writes a table with such shares, beside a header route that doesn't count.
func table(shares string) func(*history) {
	var to []any
	words := strings.Fields(shares)
	for i := 0; i < len(words); i += 2 {
		var weight int64
		_, _ = fmt.Sscan(words[i+1], &weight)
		to = append(to, map[string]any{"weight": weight, "destination": destination(words[i])})
	}
	return func(h *history) {
		h.see(routeTable(
			map[string]any{
				"matchers":    []any{map[string]any{"prefix": "/echo", "headers": []any{map[string]any{"name": "stage"}}}},
				"routeAction": map[string]any{"single": destination("v2")},
			},
			map[string]any{
				"matchers":    []any{map[string]any{"prefix": "/echo"}},
				"routeAction": map[string]any{"multi": map[string]any{"destinations": to}},
			},
		), false)
	}
}

func destination(version string) map[string]any {
	return map[string]any{"subset": map[string]any{"values": map[string]any{"version": version}}}
}

func routeTable(routes ...any) map[string]any {
	return map[string]any{
		"kind": "RouteTable", "spec": map[string]any{"routes": routes},
		"metadata": map[string]any{"name": "echo-routes", "labels": map[string]any{"aviary.dev/app": "echo"}},
	}
}
