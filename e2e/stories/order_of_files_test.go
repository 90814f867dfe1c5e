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

	"aviary.dev/e2e/nodes"
)

// halfShiftedFiles returns the files of an app that sends half of its traffic to v2.
func (s *story) halfShiftedFiles() []string {
	return []string{
		notReady(v("v1", "role=primary")).String(), notReady(v("v2", "role=canary", "weight=50")).String(),
		s.table("by-hand", destination{"v1", 60}, destination{"v2", 40}), s.virtualService("first"),
	}
}

// TestEveryOrder applies a folder with an app in the middle of a canary, in every order of its
// files, each time to a new namespace. The result is the same as after a rollout step by step. Then
// it applies the next state, again in every order.
func TestEveryOrder(t *testing.T) {
	t.Parallel()
	reference := begin(t, "every-order")
	reference.rolloutTo("weight=50")
	want := traffic(reference.mustGet("routetables", "echo-routes"))

	orders := permutations([]int{0, 1, 2, 3})
	for name, how := range map[string][]string{"client-side": nil, "server-side": {"--server-side"}} {
		inParallel(len(orders), 4, func(i int) {
			q := beginDirect(t, shared, fmt.Sprintf("every-order-%s-%d", name, i))
			dir := t.TempDir()
			q.writeFolder(dir, orders[i], q.halfShiftedFiles())
			out := q.kubectl("", append([]string{"apply", "-f", dir}, how...)...)
			if out.err != nil {
				t.Errorf("%s, order %v (0 and 1 are versions, 2 the table, 3 the VirtualService): %v",
					name, orders[i], out.err)
				return
			}
			q.makePodsReady("echo-v1", "echo-v2")
			q.waitTraffic("echo", want)
			if got := traffic(q.mustGet("routetables", "by-hand")); got != "/by-hand: v1 60, v2 40" {
				t.Errorf("%s, order %v: the hand-made table sends %q", name, orders[i], got)
			}
			q.compareSiblings(reference)
			if len(how) == 0 {
				q.applyNext(t.TempDir(), orders[i])
			}
		})
	}
}

// applyNext applies the next state: v3 comes, and the hand-made RouteTable routes to it.
func (q direct) applyNext(dir string, order []int) {
	const newVersion, table = 1, 2
	files := []string{
		notReady(v("v2", "role=canary", "weight=60")).String(), notReady(v("v3", "role=standby")).String(),
		q.table("by-hand", destination{"v1", 60}, destination{"v3", 40}), q.virtualService("second"),
	}
	q.writeFolder(dir, order, files)
	out := q.kubectl("", "apply", "-f", dir)
	if slices.Index(order, newVersion) > slices.Index(order, table) {
		parts := []string{"[version-deployed]", "apply the Deployment of v3 first"}
		if out.err == nil || !containsAll(out.stderr, parts) || strings.Count(out.stderr, "denied the request") > 1 {
			q.Errorf("order %v: only the table must be refused, and the message must say what to apply first: %v%s",
				order, out.err, out.stderr)
		}
		if note := q.mustGet("virtualservices", "by-hand").GetLabels()["note"]; note != "second" {
			q.Errorf("order %v: the rest of the folder must be applied, but the VirtualService is the %s", order, note)
		}
		out = q.kubectl("", "apply", "-f", dir)
	}
	if out.err != nil {
		q.Errorf("order %v: %v", order, out.err)
	}
	q.waitTraffic("echo", "stage=canary /echo: v2; /echo: v1 40, v2 60")
	if got := traffic(q.mustGet("routetables", "by-hand")); got != "/by-hand: v1 60, v3 40" {
		q.Errorf("order %v: the hand-made table sends %q", order, got)
	}
}

// writeFolder writes the files under names that sort in the given order.
func (q direct) writeFolder(dir string, order []int, files []string) {
	q.Helper()
	for position, file := range order {
		path := filepath.Join(dir, fmt.Sprintf("%d.yaml", position))
		q.check(os.WriteFile(path, []byte(files[file]), 0o600))
	}
}

// makePodsReady makes the Pods of Deployments ready.
func (q direct) makePodsReady(deployments ...string) {
	q.Helper()
	q.eventually("the Pods to be there", func() error {
		all, err := q.client("pods").List(q.Context(), metav1.ListOptions{})
		if err == nil && len(all.Items) < len(deployments) {
			err = fmt.Errorf("there are %d", len(all.Items))
		}
		if err != nil {
			return err
		}
		for _, pod := range all.Items {
			patch := fmt.Sprintf(`{"metadata": {"annotations": {%q: "true"}}}`, nodes.ReadyAnnotation)
			if err := q.patch(q.Context(), "Pod", pod.GetName(), patch); err != nil {
				return err
			}
		}
		return nil
	})
	q.waitAvailable(deployments...)
}

// compareSiblings waits until the siblings are the same as in another namespace.
func (q direct) compareSiblings(other *story) {
	q.Helper()
	for _, x := range siblingsOf("echo") {
		q.eventually(x.resource+" to be as in "+other.namespace, func() error {
			got, err := q.get(x.resource, x.name)
			if err != nil {
				return err
			}
			want, err := other.get(x.resource, x.name)
			if err != nil {
				return err
			}
			text := func(s *story, o *unstructured.Unstructured) string {
				return strings.ReplaceAll(fmt.Sprint(s.comparedPart(o)), s.namespace, "NAMESPACE")
			}
			if diff := cmp.Diff(text(other, want), text(q.story, got)); diff != "" {
				return errors.New(diff)
			}
			return nil
		})
	}
}

// permutations returns all orders of a list.
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
