package stories

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

const (
	healApps, healRounds = 12, 3 // times three siblings
	healAim, healLimit   = time.Second, 5 * time.Second
)

// sibling names one of an app's siblings.
type sibling struct{ resource, name string }

func siblingsOf(app string) []sibling {
	return []sibling{{"services", app}, {"upstreams", app}, {"routetables", app + "-routes"}}
}

// wrongs are what people do to siblings, as JSON patches by kind; none is to
// delete it.
var wrongs = map[string]map[string]string{
	"a deletion": {},
	"an edit": {
		"services":    `[{"op": "replace", "path": "/spec/selector", "value": {"app": "fox"}}]`,
		"upstreams":   `[{"op": "replace", "path": "/spec/kube/servicePort", "value": 81}]`,
		"routetables": `[{"op": "replace", "path": "/spec/routes/0/matchers/0/prefix", "value": "/elsewhere"}]`,
	},
	"an addition": {
		"services":    `[{"op": "add", "path": "/spec/selector/tier", "value": "gold"}]`,
		"upstreams":   `[{"op": "add", "path": "/spec/useHttp2", "value": true}]`,
		"routetables": `[{"op": "add", "path": "/spec/routes/0/options", "value": {"timeout": "5s"}}]`,
	},
}

// TestHealIsFast deletes, edits and adds to siblings, each over 100 times, and
// measures by the audit log how long it takes until they are put back: from the
// answer to the wrong write to the answer to Aviary's. It is not parallel, so that it
// measures Aviary and not the other stories.
func TestHealIsFast(t *testing.T) {
	s := begin(t, "heal-is-fast")
	app := func(i int) string { return fmt.Sprintf("app-%d", i) }
	var all string
	for i := range healApps {
		all += v("v1", "role=primary").of(app(i)).String()
	}
	s.apply(all).mustSucceed()
	for i := range healApps {
		s.flows(app(i), fmt.Sprintf("/%s: v1", app(i)))
	}
	for name, patches := range wrongs {
		began := time.Now()
		for range healRounds {
			for i := range healApps {
				var heals []func()
				for _, x := range siblingsOf(app(i)) {
					heals = append(heals, s.wrong(x, patches[x.resource]))
				}
				for _, wait := range heals {
					wait()
				}
			}
		}
		took := s.repairs(began)
		p50, p99, most := percentiles(took)
		t.Logf("after %s a sibling is put back after: p50 %s, p99 %s, at most %s (%d times; the aim is %s)", name, p50, p99, most, len(took), healAim)
		if want := healRounds * healApps * 3; len(took) < want {
			t.Errorf("the audit log must tell of %d repairs, tells of %d", want, len(took))
		}
		if p99 > healLimit {
			t.Errorf("p99 after %s is %s, must be below %s", name, p99, healLimit)
		}
	}
}

// wrong does wrong to a sibling and gives what waits until it is as it was.
func (s *story) wrong(x sibling, patch string) (heals func()) {
	s.Helper()
	client := s.objects.Resource(gvr(x.resource)).Namespace(s.namespace)
	want := healed(s.mustGet(x.resource, x.name))
	err := error(nil)
	if patch == "" {
		err = client.Delete(s.Context(), x.name, metav1.DeleteOptions{})
	} else {
		_, err = client.Patch(s.Context(), x.name, types.JSONPatchType, []byte(patch), metav1.PatchOptions{})
	}
	if err != nil {
		s.Fatal(err)
	}
	return func() {
		s.Helper()
		s.eventually(fmt.Sprintf("%s %s to be put back", x.resource, x.name), func() error {
			now, err := s.get(x.resource, x.name)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(want, healed(now)); diff != "" {
				return errors.New("(-before +now)\n" + diff)
			}
			return nil
		})
	}
}

// healed is what of a sibling must be as before: its spec, but for the addresses
// that the API server gives a Service.
func healed(o *unstructured.Unstructured) any {
	spec, _, _ := unstructured.NestedMap(o.Object, "spec")
	delete(spec, "clusterIP")
	delete(spec, "clusterIPs")
	return spec
}

// repairs gives how long each wrong write since then stood.
func (s *story) repairs(since time.Time) (took []time.Duration) {
	s.Helper()
	wrong := map[string]written{}
	for _, w := range s.writes() {
		key := w.ObjectRef.Resource + "/" + w.ObjectRef.Name
		before, open := wrong[key]
		switch {
		case w.StageTimestamp.Before(since):
		case w.User.Username != aviaryUser && w.ObjectRef.Resource != "deployments":
			wrong[key] = w
		case w.User.Username == aviaryUser && open:
			took = append(took, w.StageTimestamp.Sub(before.StageTimestamp))
			delete(wrong, key)
		}
	}
	return took
}
