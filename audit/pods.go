package audit

import (
	"context"
	"fmt"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/inventory"
)

// withPods answers as admission's last look does: where no workload is deployed, running Pods of other controllers count.
type withPods struct {
	inventory.Reader
	client client.Reader

	mu   sync.Mutex
	seen map[string][]*inventory.Workload
	// failed is why a question has no answer.
	failed error
}

func newWithPods(facts inventory.Reader, c client.Reader) *withPods {
	return &withPods{Reader: facts, client: c, seen: map[string][]*inventory.Workload{}}
}

// Workloads implements inventory.Reader.
func (p *withPods) Workloads(ctx context.Context, namespace string, want map[string]string) ([]*inventory.Workload, error) {
	out, err := p.Reader.Workloads(ctx, namespace, want)
	if err != nil {
		return nil, err
	}
	for _, w := range out {
		if w.Deployed() {
			return out, nil
		}
	}
	pods, err := p.Pods(ctx, namespace, want)
	if err != nil {
		return nil, err
	}
	return append(out, pods...), nil
}

// Pods implements inventory.Reader.
func (p *withPods) Pods(ctx context.Context, namespace string, want map[string]string) ([]*inventory.Workload, error) {
	key := fmt.Sprint(namespace, want)
	p.mu.Lock()
	defer p.mu.Unlock()
	if pods, ok := p.seen[key]; ok {
		return pods, nil
	}
	pods, err := inventory.RunningPods(ctx, p.client, namespace, want)
	if err != nil && !apierrors.IsForbidden(err) {
		p.failed = err
		return nil, err
	}
	p.seen[key] = pods
	return pods, nil
}
