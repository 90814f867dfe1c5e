package expander

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo"
	"aviary.dev/route"
)

// noteOn returns the annotation aviary.dev/blocked of a sibling.
func (c *cluster) noteOn(kind schema.GroupVersionKind) string {
	c.t.Helper()
	return c.object(kind, "echo").GetAnnotations()[convention.KeyBlocked]
}

func (c *cluster) object(kind schema.GroupVersionKind, name string) *unstructured.Unstructured {
	c.t.Helper()
	o := &unstructured.Unstructured{}
	o.SetGroupVersionKind(kind)
	if err := c.Get(c.t.Context(), client.ObjectKey{Namespace: "n", Name: name}, o); err != nil {
		c.t.Fatal(err)
	}
	return o
}

// byHand writes the annotation on the Service, as somebody might.
func (c *cluster) byHand(text string) {
	c.t.Helper()
	o := c.object(serviceKind, "echo")
	o.SetAnnotations(map[string]string{convention.KeyBlocked: text, "team": "birds"})
	if err := c.WithWatch.Update(c.t.Context(), o); err != nil {
		c.t.Fatal(err)
	}
	c.catchUp()
}

// noted expects every replica to know that the sibling can't be written, and why.
func (c *cluster) noted(kind, reason string) {
	c.t.Helper()
	b, ok, err := c.Kinds.Blocked(c.t.Context(), c.Store, echo)
	if err != nil || !ok || b.Kind != kind || !strings.Contains(b.Reason, reason) {
		c.t.Errorf("got %+v, %v, %v; want %s and %q", b, ok, err, kind, reason)
	}
}

// stuck is an app in line whose next table can't be written.
func stuck(t *testing.T, err error) *cluster {
	t.Helper()
	c := shadowed(t)
	c.version("v3", `"aviary.dev/role":"canary","aviary.dev/weight":"40"`)
	c.block(err, gloo.RouteTableKind)
	c.later += blockedAfter
	c.mustTry()
	c.events()
	return c
}

// block has the writes of some kinds fail, and tries once.
func (c *cluster) block(err error, kinds ...schema.GroupVersionKind) {
	c.t.Helper()
	c.refuse = func(_ string, o client.Object) error {
		for _, kind := range kinds {
			if o.GetObjectKind().GroupVersionKind() == kind {
				return err
			}
		}
		return nil
	}
	c.mustTry()
}

// The note stands on the first sibling that can be written, says what fails, and goes when nothing does.
func TestNote(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	c.version("v3", `"aviary.dev/role":"canary","aviary.dev/weight":"40"`)
	began := c.Now().Truncate(time.Second)
	c.block(denied(), gloo.RouteTableKind)
	c.later += 9 * time.Second
	c.mustTry()
	if got := c.noteOn(serviceKind); got != "" {
		t.Errorf("after nine seconds there must be none: %q", got)
	}
	c.later += time.Second
	c.mustTry()
	c.noted("RouteTable", "webhook labels refuses: no team")
	first := c.noteOn(serviceKind)
	if want := "RouteTable since " + began.UTC().Format("2006-01-02T15:04"); !strings.HasPrefix(first, want) {
		t.Errorf("got %q, want %q", first, want)
	}
	service := c.object(serviceKind, "echo")
	if id := c.Kinds.Tellers(echo)[0]; c.apps[echo].known[id].version != service.GetResourceVersion() {
		t.Error("the note alone is no reason to read the Service again")
	}
	if got := c.noteOn(gloo.UpstreamKind); got != "" {
		t.Errorf("one note is enough, the Upstream has %q", got)
	}
	c.refuse = nothingFails
	if _, err := c.reconcile(); err != nil || c.noteOn(serviceKind) != "" {
		t.Errorf("it must go when the table is written: %v, %q", err, c.noteOn(serviceKind))
	}
	if table := c.stands(gloo.RouteTableKind, "echo-routes"); !strings.Contains(table, `"weight":40`) {
		t.Errorf("the canary must have its weight: %s", table)
	}
}

// What stands is not written again, and survives the corrections of the sibling that it stands on.
func TestNoteIsWrittenOnce(t *testing.T) {
	t.Parallel()
	c := stuck(t, denied())
	note, version := c.noteOn(serviceKind), c.object(serviceKind, "echo").GetResourceVersion()
	for range 5 {
		c.later += time.Minute
		c.mustTry()
	}
	if now := c.object(serviceKind, "echo"); now.GetResourceVersion() != version || note == "" {
		t.Errorf("it was written %s times more: %q", now.GetResourceVersion(), c.noteOn(serviceKind))
	}

	c.version("v4", `"aviary.dev/role":"standby"`) // one more owner
	c.mustTry()
	now := c.object(serviceKind, "echo")
	if c.noteOn(serviceKind) != note || len(now.GetOwnerReferences()) != 4 {
		t.Errorf("a correction must leave it: %q, owners %v", c.noteOn(serviceKind), now.GetOwnerReferences())
	}
}

// A reason that reads differently at each try is not written at each try; another sibling is told at once.
func TestNoteHolds(t *testing.T) {
	t.Parallel()
	c := stuck(t, denied())
	c.block(errors.New("request 1 failed"), gloo.RouteTableKind)
	c.noted("RouteTable", "no team")
	c.later += noteHolds
	c.mustTry()
	c.noted("RouteTable", "request 1 failed")
	c.version("v1", `"aviary.dev/role":"primary","aviary.dev/port":"81"`)
	c.block(denied(), gloo.UpstreamKind)
	c.noted("Upstream", "no team")
}

// Where the first sibling can't be written the next is taken; one that hangs is left alone for a while.
func TestNoteGoesWhereItCan(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fail []schema.GroupVersionKind
		want string
	}{
		"Table":   {[]schema.GroupVersionKind{gloo.RouteTableKind}, "Service"},
		"Service": {[]schema.GroupVersionKind{gloo.RouteTableKind, serviceKind}, "Upstream"},
		"All":     {[]schema.GroupVersionKind{gloo.RouteTableKind, serviceKind, gloo.UpstreamKind}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := shadowed(t)
			c.version("v1", `"aviary.dev/role":"primary","aviary.dev/paths":"/other"`)
			c.block(denied(), tc.fail...)
			c.later += blockedAfter
			c.mustTry()
			got := map[string]bool{
				"Service": c.noteOn(serviceKind) != "", "Upstream": c.noteOn(gloo.UpstreamKind) != "",
			}
			for kind, has := range got {
				if has != (kind == tc.want) {
					t.Errorf("%s has a note: %v", kind, has)
				}
			}
		})
	}
}

func TestNoteRests(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	c.version("v1", `"aviary.dev/role":"primary","aviary.dev/paths":"/other"`)
	tries := 0
	c.refuse = func(_ string, o client.Object) error {
		if o.GetObjectKind().GroupVersionKind() == serviceKind {
			tries++
		}
		return context.DeadlineExceeded
	}
	for range 8 {
		c.later += 5 * time.Second
		c.mustTry()
	}
	if tries != 1 {
		t.Errorf("within half a minute it must be tried once, was %d times", tries)
	}
	c.later += noteRest
	c.mustTry()
	if tries != 2 {
		t.Errorf("then once more, was %d times", tries)
	}
}

// The sibling that fails is not asked a second time, since it may hang.
func TestNoNoteOnWhatFails(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	c.version("v3", `"aviary.dev/role":"standby"`) // one more owner
	c.block(context.DeadlineExceeded, serviceKind)
	fails, tries := c.refuse, 0
	c.refuse = func(verb string, o client.Object) error {
		err := fails(verb, o)
		if err != nil {
			tries++
		}
		return err
	}
	c.later += blockedAfter
	c.mustTry()
	if tries != 1 || c.noteOn(gloo.UpstreamKind) == "" {
		t.Errorf("%d writes of the Service; the Upstream says %q", tries, c.noteOn(gloo.UpstreamKind))
	}
}

// A new leader goes on from what the note says, and takes it away when nothing fails.
func TestNoteOfAnotherLeader(t *testing.T) {
	t.Parallel()
	c := stuck(t, denied())
	note := c.noteOn(serviceKind)
	c.later += time.Hour
	c.apps = map[route.Ref]*memory{}
	c.mustTry()
	if got := c.noteOn(serviceKind); got != note {
		t.Errorf("got %q, want %q", got, note)
	}
	if got := c.events(); !strings.Contains(got, "SiblingsHindered") {
		t.Errorf("it is blocked at once, and tells so: %q", got)
	}
	c.apps, c.refuse = map[route.Ref]*memory{}, nothingFails
	if _, err := c.reconcile(); err != nil || c.noteOn(serviceKind) != "" {
		t.Errorf("it must go: %v, %q", err, c.noteOn(serviceKind))
	}
}

// What somebody wrote there is taken away, or put right; nothing else on the Service is touched.
func TestNoteByHand(t *testing.T) {
	t.Parallel()
	c := shadowed(t)
	const forged = "RouteTable since 2020-01-01T00:00:00Z: pay here"
	for _, text := range []string{forged, "\x1b[31mred", strings.Repeat("x", 9000)} {
		c.byHand(text)
		if _, err := c.reconcile(); err != nil || c.noteOn(serviceKind) != "" {
			t.Errorf("%.40q must go: %v, %.40q", text, err, c.noteOn(serviceKind))
		}
	}
	c = stuck(t, denied())
	note := c.noteOn(serviceKind)
	version := func() string { return c.object(serviceKind, "echo").GetResourceVersion() }
	c.byHand(forged)
	before := version()
	c.mustTry()
	if version() != before {
		t.Error("it was written just now, and that would make a fight")
	}
	c.later += retryBlocked
	c.mustTry()
	got := c.object(serviceKind, "echo").GetAnnotations()
	if got[convention.KeyBlocked] != note || got["team"] != "birds" {
		t.Errorf("got %q, want %q and the other annotation", got, note)
	}
}

// A Service that is not Aviary's gets no note.
func TestNoNoteOnForeignObjects(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	o := &unstructured.Unstructured{}
	o.SetGroupVersionKind(serviceKind)
	o.SetNamespace("n")
	o.SetName("echo")
	if err := c.Create(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	c.version("v1", `"aviary.dev/role":"primary","aviary.dev/use":"service"`)
	c.block(denied(), gloo.RouteTableKind)
	c.later += blockedAfter
	c.mustTry()
	if c.noteOn(serviceKind) != "" || c.noteOn(gloo.UpstreamKind) == "" {
		t.Errorf("it must stand on the Upstream: %q, %q", c.noteOn(serviceKind), c.noteOn(gloo.UpstreamKind))
	}
}
