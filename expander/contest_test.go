package expander

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo"
)

// stopClock has the expander's clock move only by what it is put forward.
func (c *cluster) stopClock() (forward func(time.Duration)) {
	now := time.Now()
	c.Now = func() time.Time { return now }
	return func(d time.Duration) { now = now.Add(d) }
}

// fight has somebody hit an app for 20 seconds, each time after so long, and Aviary hear of it. It returns how often
// Aviary wrote, and what it said.
func (c *cluster) fight(every time.Duration, hit func(round int)) (writes int, said string) {
	c.t.Helper()
	c.events()
	forward := c.stopClock()
	for i := range int(20 * time.Second / every) {
		c.refuse = nothingFails
		hit(i)
		c.refuse = func(string, client.Object) error { writes++; return nil }
		if result, err := c.reconcile(); err != nil || result.RequeueAfter > restWrite+time.Millisecond {
			c.t.Fatalf("again in %s, %v", result.RequeueAfter, err)
		}
		forward(every)
	}
	said = c.events()
	forward(restWrite) // they are tired of it
	c.inLineAgain()
	return writes, said
}

// misdirect has a Service select other Pods each time.
func misdirect(round int) func(*unstructured.Unstructured) {
	return func(o *unstructured.Unstructured) {
		_ = unstructured.SetNestedField(o.Object, strconv.Itoa(round), "spec", "selector", "app")
	}
}

func empty(o *unstructured.Unstructured) { o.Object["spec"] = map[string]any{} }

func (c *cluster) remove(kind schema.GroupVersionKind, name string) {
	c.t.Helper()
	if stands := c.stands(kind, name); stands != "" {
		if err := c.WithWatch.Delete(c.t.Context(), asObject(c.t, stands)); err != nil {
			c.t.Fatal(err)
		}
		c.catchUp()
	}
}

// owned creates an Upstream that the plan lacks, as if Aviary had made it for version v1.
func (c *cluster) owned(name string) {
	c.t.Helper()
	c.copied(gloo.UpstreamKind, "echo", name, func(o *unstructured.Unstructured) {
		o.SetOwnerReferences([]metav1.OwnerReference{
			{APIVersion: "apps/v1", Kind: "Deployment", Name: "echo-v1", UID: types.UID("v1")},
		})
	})
}

// Who writes again and again what Aviary puts back has it write once a second, after ten times, and tell of it in two
// Events. Who does so now and then has it put back at once.
func TestContested(t *testing.T) {
	t.Parallel()
	const often, nowAndThen = time.Second / 10, restWrite + restWrite/10
	const changed, deleted = "Normal Restored somebody changed it", "Normal Restored somebody deleted it"
	edit := func(c *cluster, round int) { c.change(serviceKind, "echo", misdirect(round)) }
	for name, c := range map[string]struct {
		every time.Duration
		hit   func(c *cluster, round int)
		says  string
	}{
		"Edited":   {often, edit, changed},
		"Table":    {often, func(c *cluster, _ int) { c.change(gloo.RouteTableKind, "echo-routes", empty) }, changed},
		"Deleted":  {often, func(c *cluster, _ int) { c.remove(serviceKind, "echo") }, deleted},
		"Disowned": {often, func(c *cluster, _ int) { c.change(serviceKind, "echo", disown) }, ""},
		"HandedOver": {often, func(c *cluster, round int) {
			switch {
			case round%2 == 1:
				c.remove(serviceKind, "echo")
			case c.stands(serviceKind, "echo") != "":
				c.change(serviceKind, "echo", handOver)
			}
		}, "Warning SiblingCollision"},
		"Added": {often, func(c *cluster, _ int) {
			if c.stands(gloo.UpstreamKind, "echo-shadow-x") == "" {
				c.owned("echo-shadow-x")
			}
		}, ""},
		"Note": {often, func(c *cluster, _ int) {
			c.change(serviceKind, "echo", func(o *unstructured.Unstructured) {
				o.SetAnnotations(map[string]string{convention.KeyBlocked: "Upstream since 2026-11-28T15:04:05Z: no"})
			})
		}, ""},
		"NowAndThen": {nowAndThen, edit, changed},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			cl := rolledOut(t)
			before := cl.stands(serviceKind, "echo")
			writes, said := cl.fight(c.every, func(round int) { c.hit(cl, round) })
			if c.every == nowAndThen {
				if writes != 18 || strings.Contains(said, "Contested") {
					t.Errorf("it must be put back at once each time, is %d times: %s", writes, said)
				}
			} else if writes < 18 || writes > promptly+20 {
				t.Errorf("it is put back %d times", writes)
			}
			contests, others := strings.Count(said, "Contested"), strings.Count(said, "\n")
			if others > 2 || contests > 1 || !strings.HasPrefix(said, c.says) {
				t.Errorf("says %s", said)
			}
			spec := func(text string) any { return asObject(t, text).Object["spec"] }
			if now := cl.stands(serviceKind, "echo"); !cmp.Equal(spec(before), spec(now)) {
				t.Errorf("it was %s, is %s", before, now)
			}
		})
	}
}

// While one sibling is contested the others are written, but not before one that is missing.
func TestContestedHoldsNobodyUp(t *testing.T) {
	t.Parallel()
	halves := func(c *cluster) bool {
		return strings.Contains(c.stands(gloo.RouteTableKind, "echo-routes"), `"weight":50`)
	}
	for name, hit := range map[string]func(*cluster, int){
		"Edited":  func(c *cluster, round int) { c.change(serviceKind, "echo", misdirect(round)) },
		"Deleted": func(c *cluster, _ int) { c.remove(serviceKind, "echo") },
	} {
		c := rolledOut(t)
		forward := c.stopClock()
		for i := range promptly {
			hit(c, i)
			c.inLineAgain()
		}
		hit(c, promptly)
		left := c.stands(serviceKind, "echo")
		c.version("v2", `"aviary.dev/role":"canary","aviary.dev/weight":"50"`)
		result, err := c.reconcile()
		if wait := result.RequeueAfter; err != nil || wait <= 0 || wait > restWrite+time.Millisecond {
			t.Errorf("%s: again in %s, %v", name, result.RequeueAfter, err)
		}
		if c.stands(serviceKind, "echo") != left || halves(c) == (left == "") {
			t.Errorf("%s: the table is written: %t", name, halves(c))
		}
		forward(result.RequeueAfter)
		c.inLineAgain()
		if now := c.stands(serviceKind, "echo"); now == left || !halves(c) {
			t.Errorf("%s: the Service is %s, the table is written: %t", name, now, halves(c))
		}
	}
}

// A sibling that is contested is no reason to believe that an app which is blocked by another one is not.
func TestContestedHealsNothing(t *testing.T) {
	t.Parallel()
	c := rolledOut(t)
	forward := c.stopClock()
	for i := range promptly {
		c.change(serviceKind, "echo", misdirect(i))
		c.inLineAgain()
	}
	c.version("v2", `"aviary.dev/role":"canary","aviary.dev/weight":"50"`)
	c.refuse = fails("update", gloo.RouteTableKind)
	if _, err := c.reconcile(); err == nil {
		t.Fatal("the table must not be written")
	}
	since := c.recall(echo).trouble.since
	c.refuse = nothingFails
	c.change(gloo.RouteTableKind, "echo-routes", empty)
	c.change(serviceKind, "echo", misdirect(promptly))
	c.refuse = fails("update", gloo.RouteTableKind)
	for range promptly + 2 { // until the table is contested, too
		_, _ = c.reconcile()
	}
	if got := c.recall(echo).trouble.since; got.IsZero() || !got.Equal(since) {
		t.Errorf("it is blocked since %s, was %s", got, since)
	}
	if result, err := c.reconcile(); err != nil || result.RequeueAfter == 0 {
		t.Errorf("both are contested: again in %s, %v", result.RequeueAfter, err)
	}
	forward(blockedAfter)
	_, _ = c.reconcile()
	if said := c.events(); !strings.Contains(said, "SiblingsHindered") {
		t.Errorf("says %s", said)
	}
}

// Who writes a sibling while Aviary corrects it is outrun by trying again at once; where that never helps, it is tried
// a few times a second, and told.
func TestContestedByWhoIsQuicker(t *testing.T) {
	t.Parallel()
	c := rolledOut(t)
	forward := c.stopClock()
	c.change(serviceKind, "echo", misdirect(0))
	tried := 0
	c.refuse = func(string, client.Object) error {
		if tried++; tried < tries.Steps {
			return conflicts()
		}
		return nil
	}
	c.inLineAgain()
	if said := c.events(); tried != tries.Steps || !strings.HasPrefix(said, "Normal Restored") {
		t.Errorf("tried %d times, says %q", tried, said)
	}
	c.change(serviceKind, "echo", misdirect(1))
	forward(promptly * restWrite)
	tried = 0
	c.refuse = func(string, client.Object) error { tried++; return conflicts() }
	const rounds = 200
	for range rounds {
		_, _ = c.reconcile()
		forward(5 * time.Second / rounds)
	}
	if most := promptly + (1+5)*tries.Steps; tried <= promptly || tried > most {
		t.Errorf("tried %d times, at most %d are meant", tried, most)
	}
	if said := c.events(); strings.Count(said, "Contested") != 1 {
		t.Errorf("says %q", said)
	}
}
