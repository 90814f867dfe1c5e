package stories

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// TestMutationKeepsTheRest applies objects full of fields that Aviary doesn't know. Defaulting must
// keep them all.
func TestMutationKeepsTheRest(t *testing.T) {
	t.Parallel()
	s := begin(t, "mutation-keeps", "aviary.dev/api-group=example")
	for _, file := range []string{"unmodelled.yaml", "unmodelled-table.yaml"} {
		sent := decode(t, readTestdata(t, file))[0]
		s.apply(readTestdata(t, file)).mustSucceed()
		stored := s.mustGet(kinds[sent.GetKind()].Resource, sent.GetName())
		for _, lost := range missing(sent.Object, stored.Object, "") {
			t.Errorf("%s: %s", file, lost)
		}
	}
	if group := s.mustGet("routetables", "by-hand").GetLabels()["apiGroup"]; group != "example" {
		t.Errorf("the RouteTable must have its Namespace's apiGroup, has %q", group)
	}
	s.jsonPatch("deployment", "echo-v1", `[{"op": "remove", "path": "/metadata/finalizers"}]`).mustSucceed()

	elsewhere := begin(t, "mutation-keeps-internal")
	elsewhere.apply(readTestdata(t, "unmodelled-table.yaml")).mustSucceed()
	if labels := elsewhere.mustGet("routetables", "by-hand").GetLabels(); len(labels) > 0 {
		t.Errorf("a RouteTable in a Namespace without a group may be internal and must stay so, but has the labels %v",
			labels)
	}
}

// missing returns what the sent object has and the stored one lacks.
func missing(sent, stored any, path string) (lost []string) {
	switch sent := sent.(type) {
	case map[string]any:
		have, _ := stored.(map[string]any)
		for _, key := range slices.Sorted(maps.Keys(sent)) {
			lost = append(lost, missing(sent[key], have[key], path+"."+key)...)
		}
	case []any:
		have, _ := stored.([]any)
		if len(have) != len(sent) {
			return []string{fmt.Sprintf("%s has %d elements, must have %d", path, len(have), len(sent))}
		}
		for i := range sent {
			lost = append(lost, missing(sent[i], have[i], fmt.Sprintf("%s[%d]", path, i))...)
		}
	default:
		if fmt.Sprint(sent) != fmt.Sprint(stored) {
			return []string{fmt.Sprintf("%s is %v, must be %v", path, stored, sent)}
		}
	}
	return lost
}

// TestMutationIsIdempotent applies the same manifests twice. The second time nothing changes, and
// kubectl diff is empty.
func TestMutationIsIdempotent(t *testing.T) {
	t.Parallel()
	for name, how := range map[string][]string{"client-side": nil, "server-side": {"--server-side"}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := begin(t, "idempotent-"+name, "aviary.dev/api-group=example")
			manifests := manifestsOf(v("v1", "role=primary"), v("v2", "role=canary", "weight=50")) +
				"---\n" + readTestdata(t, "unmodelled-table.yaml")
			s.apply(manifests, how...).mustSucceed()
			s.waitTraffic("echo", halfToV2)
			before := s.waitRolledOut("echo-v1", "echo-v2")
			before["by-hand"] = s.mustGet("routetables", "by-hand")
			before["echo-routes"] = s.mustGet("routetables", "echo-routes")

			s.step("kubectl diff finds nothing")
			out := s.kubectl(manifests, append([]string{"diff", "-f", "-"}, how...)...)
			if out.err != nil || out.stdout != "" {
				t.Errorf("kubectl diff must be empty and succeed: %v\n%s", out.err, out.stdout)
			}

			s.step("a second apply by the same manager changes nothing")
			s.apply(manifests, how...).mustSucceed()
			s.unchanged(before)

			s.step("neither does writing what the API server returned")
			for name, o := range before {
				resource := kinds[o.GetKind()].Resource
				put, err := s.client(resource).Update(t.Context(), o, metav1.UpdateOptions{})
				if err != nil {
					t.Fatal(err)
				}
				if put.GetResourceVersion() != o.GetResourceVersion() {
					t.Errorf("replacing %s by itself must change nothing (-before +after)\n%s", name,
						cmp.Diff(o.Object, put.Object))
				}
			}
		})
	}
}

// waitRolledOut waits until the controllers are done with the Deployments, and returns them.
func (s *story) waitRolledOut(names ...string) map[string]*unstructured.Unstructured {
	s.Helper()
	out := map[string]*unstructured.Unstructured{}
	for _, name := range names {
		s.eventually(name+" to settle", func() error {
			d, err := s.get("deployments", name)
			if err != nil {
				return err
			}
			observed, _, _ := unstructured.NestedInt64(d.Object, "status", "observedGeneration")
			available, _, _ := unstructured.NestedInt64(d.Object, "status", "availableReplicas")
			text := fmt.Sprint(d.Object["status"])
			if observed != d.GetGeneration() || available == 0 || !strings.Contains(text, "NewReplicaSetAvailable") {
				return errors.New(text)
			}
			out[name] = d
			return nil
		})
	}
	return out
}

// unchanged fails the test if an object was written since.
func (s *story) unchanged(before map[string]*unstructured.Unstructured) {
	s.Helper()
	for name, b := range before {
		now := s.mustGet(kinds[b.GetKind()].Resource, name)
		if now.GetResourceVersion() != b.GetResourceVersion() || now.GetGeneration() != b.GetGeneration() {
			s.Errorf("%s %s must not change (-before +after)\n%s", b.GetKind(), name, cmp.Diff(b.Object, now.Object))
		}
	}
}
