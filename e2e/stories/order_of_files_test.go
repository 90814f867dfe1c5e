package stories

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/e2e/nodes"
)

// slow is a version whose Pods are not ready before somebody says so, as where
// images are pulled: longer than a kubectl apply takes.
func slow(v version) version {
	v.pod = map[string]string{nodes.ReadyAnnotation: "false"}
	return v
}

// virtualService takes all RouteTables of the story's namespace.
func (s *story) virtualService(note string) string {
	return fmt.Sprintf(`---
apiVersion: gateway.solo.io/v1
kind: VirtualService
metadata: {name: by-hand, labels: {note: %q}}
spec:
  virtualHost:
    domains: [%s.example.com]
    routes:
    - matchers: [{prefix: /}]
      delegateAction: {selector: {labels: {apiGroup: example}, namespaces: [%s]}}
`, note, s.namespace, s.namespace)
}

// ledTo has a VirtualService lead to the namespace's tables, or those of other
// stories would make Aviary say that none does.
func (s *story) ledTo() {
	s.Helper()
	s.apply(s.virtualService("")).mustSucceed()
}

// halfShifted are the files of an app that is half way to v2.
func (s *story) halfShifted() []string {
	return []string{
		slow(v("v1", "role=primary")).String(), slow(v("v2", "role=canary", "weight=50")).String(),
		s.table("by-hand", destination{"v1", 60}, destination{"v2", 40}), s.virtualService("first"),
	}
}

// TestEveryOrder applies a folder, with all there is to an app in the middle of
// a canary, in every order of its files to a new namespace: the same comes out
// as where it grew. Then it goes on, again in every order.
func TestEveryOrder(t *testing.T) {
	t.Parallel()
	reference := begin(t, "every-order")
	reference.canary("weight=50")
	want := traffic(reference.mustGet("routetables", "echo-routes"))

	orders := permutations([]int{0, 1, 2, 3})
	for name, how := range map[string][]string{"client-side": nil, "server-side": {"--server-side"}} {
		side(len(orders), 4, func(i int) {
			q := quickly(t, shared, fmt.Sprintf("every-order-%s-%d", name, i))
			dir := t.TempDir()
			q.folder(dir, orders[i], q.halfShifted())
			out := q.kubectl("", append([]string{"apply", "-f", dir}, how...)...)
			if out.err != nil {
				t.Errorf("%s, order %v (0 and 1 are versions, 2 the table, 3 the VirtualService): %v", name, orders[i], out.err)
				return
			}
			q.comeUp("echo-v1", "echo-v2")
			q.flows("echo", want)
			if is := traffic(q.mustGet("routetables", "by-hand")); is != "/by-hand: v1 60, v2 40" {
				t.Errorf("%s, order %v: the hand-made table sends %q", name, orders[i], is)
			}
			q.sameSiblings(reference)
			if len(how) == 0 {
				q.goOn(t.TempDir(), orders[i])
			}
		})
	}
}

// goOn brings v3, to which the hand-made table now routes.
func (q quick) goOn(dir string, order []int) {
	const newVersion, table = 1, 2
	files := []string{
		slow(v("v2", "role=canary", "weight=60")).String(), slow(v("v3", "role=standby")).String(),
		q.table("by-hand", destination{"v1", 60}, destination{"v3", 40}), q.virtualService("second"),
	}
	q.folder(dir, order, files)
	out := q.kubectl("", "apply", "-f", dir)
	if slices.Index(order, newVersion) > slices.Index(order, table) {
		if out.err == nil || !containsAll(out.stderr, []string{"[version-deployed]", "apply the Deployment of v3 first"}) || strings.Count(out.stderr, "denied the request") > 1 {
			q.Errorf("order %v: the table, and nothing else, must be refused with what to apply first: %v%s", order, out.err, out.stderr)
		}
		if note := q.mustGet("virtualservices", "by-hand").GetLabels()["note"]; note != "second" {
			q.Errorf("order %v: the rest of the folder must be applied, but the VirtualService is the %s", order, note)
		}
		out = q.kubectl("", "apply", "-f", dir)
	}
	if out.err != nil {
		q.Errorf("order %v: %v", order, out.err)
	}
	q.flows("echo", "stage=canary /echo: v2; /echo: v1 40, v2 60")
	if is := traffic(q.mustGet("routetables", "by-hand")); is != "/by-hand: v1 60, v3 40" {
		q.Errorf("order %v: the hand-made table sends %q", order, is)
	}
}

// folder writes the files so that their names sort in the given order.
func (q quick) folder(dir string, order []int, files []string) {
	q.Helper()
	for place, file := range order {
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("%d.yaml", place)), []byte(files[file]), 0o600); err != nil {
			q.Error(err)
		}
	}
}

// comeUp makes the Pods of versions ready.
func (q quick) comeUp(deployments ...string) {
	q.Helper()
	pods := q.objects.Resource(gvr("pods")).Namespace(q.namespace)
	q.eventually("the Pods to be there", func() error {
		all, err := pods.List(q.Context(), metav1.ListOptions{})
		if err == nil && len(all.Items) < len(deployments) {
			err = fmt.Errorf("there are %d", len(all.Items))
		}
		if err != nil {
			return err
		}
		for _, pod := range all.Items {
			patch := fmt.Appendf(nil, `{"metadata": {"annotations": {%q: "true"}}}`, nodes.ReadyAnnotation)
			if _, err := pods.Patch(q.Context(), pod.GetName(), types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
				return err
			}
		}
		return nil
	})
	q.available(deployments...)
}

// sameSiblings compares what Aviary keeps with what it keeps in another namespace.
func (q quick) sameSiblings(other *story) {
	q.Helper()
	for resource, name := range map[string]string{"services": "echo", "upstreams": "echo", "routetables": "echo-routes"} {
		q.eventually(resource+" to be as where the app grew", func() error {
			is, err := q.get(resource, name)
			if err != nil {
				return err
			}
			was, err := other.get(resource, name)
			if err != nil {
				return err
			}
			text := func(s *story, o *unstructured.Unstructured) string {
				return strings.ReplaceAll(fmt.Sprint(s.compared(o)), s.namespace, "NAMESPACE")
			}
			if diff := cmp.Diff(text(other, was), text(q.story, is)); diff != "" {
				return errors.New(diff)
			}
			return nil
		})
	}
}

// permutations are all orders of a list.
func permutations(of []int) (all [][]int) {
	if len(of) == 0 {
		return [][]int{nil}
	}
	for i, first := range of {
		for _, rest := range permutations(slices.Delete(slices.Clone(of), i, i+1)) {
			all = append(all, append([]int{first}, rest...))
		}
	}
	return all
}
