package webhook_test

import (
	"fmt"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/tools/events"

	"aviary.dev/fact"
)

// Helm says success when a DELETE is refused, so an Event tells why. A dry run refuses nothing.
func TestARefusedRemovalIsTold(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		dryRun bool
		table  func(*lagging)
		want   string
	}{
		"refused":   {want: "Warning Refused "},
		"a dry run": {dryRun: true},
		"admitted":  {table: func(l *lagging) { l.follow(0, 100, "v1 primary, v2 canary 100") }},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			l := newLagging(t, 1)
			told := events.NewFakeRecorder(1)
			l.Events = told
			if c.table != nil {
				c.table(l)
			}
			allowed, says := l.remove(c.dryRun)
			if refused := c.table == nil; allowed == refused {
				t.Fatalf("allowed: %v: %s", allowed, says)
			}
			event := ""
			select {
			case event = <-told.Events:
			default:
			}
			if c.want == "" && event != "" || !strings.HasPrefix(event, c.want) ||
				c.want != "" && !strings.HasSuffix(event, says) {
				t.Errorf("the Event is %q, want %q with %q", event, c.want, says)
			}
		})
	}
}

// told keeps what the last Event is about.
type told struct{ about corev1.ObjectReference }

func (r *told) Eventf(about, _ runtime.Object, _, reason, action, _ string, _ ...any) {
	r.about = *about.(*corev1.ObjectReference)
	r.about.FieldPath = reason + " " + action
}

// An uninstallation deletes objects of every kind. The Event must stand where kubectl describe looks for it.
func TestARefusedRemovalOfAnyKindIsTold(t *testing.T) {
	t.Parallel()
	plain := strings.Replace(version("v1", "x"), `"annotations":{"aviary.dev/app":"echo","aviary.dev/role":"x"}`,
		`"uid":"u-1"`, 1)
	for name, c := range map[string]struct{ resource, group, object string }{
		"DaemonSet": {"daemonsets", "apps", plain},
		"Service":   {"services", "", strings.Replace(echoService, `"metadata":{`, `"metadata":{"uid":"u-1",`, 1)},
		"Upstream": {
			"upstreams", "gloo.solo.io",
			strings.Replace(strings.Replace(echoOwn, ","+ownLabels, "", 1), `"metadata":{`, `"metadata":{"uid":"u-1",`, 1),
		},
	} {
		kind := schema.GroupKind{Group: "apps", Kind: name}
		if c.group != "apps" {
			kind = fact.DeploymentKind
		}
		v, event := strands(t, kind, plain), &told{}
		v.Events = event
		got := post(t, v, review(t, c.resource, c.group, name, "DELETE", nil, []byte(c.object)))
		want := "Refused DELETE " + name + " n u-1"
		said := fmt.Sprint(event.about.FieldPath, " ", event.about.Kind, " ", event.about.Namespace, " ", event.about.UID)
		if got.Allowed || said != want || event.about.ResourceVersion != "" {
			t.Errorf("%s: allowed %v, the Event is about %q, must be about %q", name, got.Allowed, said, want)
		}
	}
}
