package inventory

import (
	"context"
	"fmt"
	"slices"
	"sync"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/labels"

	"aviary.dev/fact"
)

// orPods adds, where no workload is deployed, the running Pods of other controllers to the workloads.
func orPods(
	ctx context.Context, r fact.Reader, namespace string, want map[string]string, found []*fact.Workload,
) ([]*fact.Workload, error) {
	if slices.ContainsFunc(found, (*fact.Workload).Deployed) {
		return found, nil
	}
	pods, err := r.Pods(ctx, namespace, want)
	return append(slices.Clip(found), pods...), err
}

// Workloads implements fact.Reader. Where no workload is deployed, running Pods of other controllers count.
func (l *Live) Workloads(ctx context.Context, namespace string, want map[string]string) ([]*fact.Workload, error) {
	out, err := l.workloads(ctx, namespace, func(w *fact.Workload) bool { return w.Carries(want) })
	if err != nil {
		return out, err
	}
	return orPods(ctx, l, namespace, want, out)
}

// Pods implements fact.Reader.
func (l *Live) Pods(ctx context.Context, namespace string, want map[string]string) ([]*fact.Workload, error) {
	key := namespace + " " + labels.SelectorFromSet(want).String()
	if out, ok := l.pods[key]; ok {
		return out, nil
	}
	out, err := runningPods(ctx, l.cluster, namespace, want)
	if err == nil {
		l.pods[key] = out
	}
	return out, err
}

// runningPods returns the running Pods with these labels that no workload of another kind made, see [fact.ReadPod].
func runningPods(ctx context.Context, c Cluster, namespace string, want map[string]string) ([]*fact.Workload, error) {
	var pods corev1.PodList
	if err := c.List(ctx, &pods, ListOptions{Namespace: namespace, Labels: labels.SelectorFromSet(want)}); err != nil {
		return nil, err
	}
	var out []*fact.Workload
	for i := range pods.Items {
		if w := fact.ReadPod(&pods.Items[i]); w != nil {
			out = append(out, w)
		}
	}
	return out, nil
}

// WithPods answers as admission's last look does: where no workload is deployed, running Pods of
// other controllers count. It is safe for concurrent use.
type WithPods struct {
	fact.Reader
	cluster Cluster

	mu     sync.Mutex
	seen   map[string][]*fact.Workload
	failed error
}

// NewWithPods makes a WithPods of a reader that holds no Pods, and a cluster.
func NewWithPods(facts fact.Reader, c Cluster) *WithPods {
	return &WithPods{Reader: facts, cluster: c, seen: map[string][]*fact.Workload{}}
}

// Failed is why a question about Pods has no answer; nil if all had one.
func (p *WithPods) Failed() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.failed
}

// Workloads implements fact.Reader.
func (p *WithPods) Workloads(ctx context.Context, namespace string, want map[string]string) ([]*fact.Workload, error) {
	out, err := p.Reader.Workloads(ctx, namespace, want)
	if err != nil {
		return out, err
	}
	return orPods(ctx, p, namespace, want, out)
}

// Pods implements fact.Reader. Who may not list Pods sees none.
func (p *WithPods) Pods(ctx context.Context, namespace string, want map[string]string) ([]*fact.Workload, error) {
	key := fmt.Sprint(namespace, want)
	p.mu.Lock()
	defer p.mu.Unlock()
	if pods, ok := p.seen[key]; ok {
		return pods, nil
	}
	pods, err := runningPods(ctx, p.cluster, namespace, want)
	if err != nil && !apierrors.IsForbidden(err) {
		p.failed = err
		return nil, err
	}
	p.seen[key] = pods
	return pods, nil
}
