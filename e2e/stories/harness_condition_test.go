package stories

import (
	"context"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/condition"
)

// trafficWatch watches the traffic condition of a namespace, see package condition.
type trafficWatch struct {
	*recorder
	judge *condition.Judge
}

// watchTraffic watches the traffic condition of the story's namespace. When the story ends, it
// fails if the condition did not hold, and prints the history.
func (s *story) watchTraffic() *trafficWatch {
	s.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(s.Context()))
	w := &trafficWatch{s.recordOf(ctx, cancel, "routetables", "deployments", "pods"), condition.New()}
	s.Cleanup(func() { w.check(ctx) })
	return w
}

// spare says that the story takes a version of app echo away without asking Aviary.
func (w *trafficWatch) spare(version string) { w.judge.Spared["echo/"+version] = true }

// withoutLeader says that there is not always a leader, so that nothing follows at once.
func (w *trafficWatch) withoutLeader() { w.judge.NoLeader = true }

// check fails the story if the condition did not hold.
func (w *trafficWatch) check(ctx context.Context) {
	w.drain(ctx)
	var events []condition.Event
	for _, e := range w.all() {
		events = append(events, condition.Event{Version: e.version, Arrived: e.arrived, Gone: e.gone, Object: e.object})
		w.judge.See(events[len(events)-1])
	}
	w.judge.End(time.Now())
	if w.judge.Tables == 0 && !w.s.Failed() {
		w.s.Error("the traffic condition was not seen: there was no RouteTable")
	}
	for _, wrong := range w.judge.Wrong {
		w.s.Error("traffic condition: " + wrong)
	}
	if w.s.Failed() {
		w.s.Log("the history of tables, Deployments and Pods:\n" + condition.History(events))
	}
}

// drain waits until the newest revision of each object was seen.
func (w *trafficWatch) drain(ctx context.Context) {
	err := wait.PollUntilContextTimeout(ctx, 20*time.Millisecond, 10*time.Second, true,
		func(ctx context.Context) (bool, error) {
			for _, resource := range []string{"routetables", "deployments", "pods"} {
				list, err := w.s.client(resource).List(ctx, metav1.ListOptions{})
				if err != nil {
					return false, nil //nolint:nilerr // because a control plane that ends shows nothing more.
				}
				for _, o := range list.Items {
					if !w.seen(resource, o.GetName(), o.GetResourceVersion()) {
						return false, nil
					}
				}
			}
			return true, nil
		})
	if err != nil {
		w.s.Errorf("the watches of the traffic condition are behind: %v", err)
	}
}

// seen reports whether a revision of an object was recorded.
func (w *trafficWatch) seen(resource, name, revision string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.events, func(e event) bool {
		return strings.EqualFold(e.object.GetKind()+"s", resource) && e.object.GetName() == name &&
			e.object.GetResourceVersion() == revision
	})
}
