package waits

import (
	"context"
	"errors"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// bed is a control plane with two replicas of Aviary. No controller runs there: the program writes the status of
// Deployments itself.
type bed struct {
	cp      *controlplane.ControlPlane
	objects *dynamic.DynamicClient
	first   *aviary.Instance

	mu       sync.Mutex
	replicas []*aviary.Instance // Those that are to answer.
	ended    []*aviary.Instance
	counted  map[*aviary.Instance]aviary.Metrics

	undecided, unanswered atomic.Int64 // Requests that were sent again, see [outcome].
}

// start starts a bed.
func start(ctx context.Context) (b *bed, err error) {
	cp, err := controlplane.Start(ctx, controlplane.Options{WithoutControllers: true, Progress: os.Stdout})
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, cp.Stop())
		}
	}()
	b = &bed{cp: cp, counted: map[*aviary.Instance]aviary.Metrics{}}
	config := cp.Config()
	config.WarningHandler, config.Timeout = rest.NoWarnings{}, 30*time.Second
	if b.objects, err = dynamic.NewForConfig(config); err != nil {
		return nil, err
	}
	b.first, err = aviary.Install(ctx, cp, aviary.Options{
		Balanced: true, Args: []string{"--log-decisions=all"}, Progress: os.Stdout,
	})
	if err != nil {
		return nil, err
	}
	second, err := b.first.Join(ctx)
	if err != nil {
		return nil, err
	}
	b.replicas = []*aviary.Instance{b.first, second}
	return b, b.create(ctx, parent)
}

// counts are metrics of all replicas, those that have ended included.
type counts struct{ inStep, timeout, full, waitSeconds, liveReads, requests float64 }

// minus returns what was counted since before.
func (c counts) minus(before counts) counts {
	return counts{
		c.inStep - before.inStep, c.timeout - before.timeout, c.full - before.full,
		c.waitSeconds - before.waitSeconds, c.liveReads - before.liveReads, c.requests - before.requests,
	}
}

// all is how many requests waited, or would have if not too many did already.
func (c counts) all() float64 { return c.inStep + c.timeout + c.full }

// count reads the metrics of every replica that runs.
func (b *bed) count(ctx context.Context) (sum counts, err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, replica := range b.replicas {
		now, err := replica.Metrics(ctx)
		if err != nil {
			return sum, err
		}
		b.counted[replica] = now
	}
	for _, m := range b.counted {
		sum = sum.plus(m)
	}
	return sum, nil
}

// plus adds the metrics of one replica.
func (c counts) plus(m aviary.Metrics) counts {
	c.inStep += m.Sum("aviary_waits_total", "ended", "in_step")
	c.timeout += m.Sum("aviary_waits_total", "ended", "timeout")
	c.full += m.Sum("aviary_waits_total", "ended", "full")
	c.liveReads += m.Sum("aviary_live_reads_total")
	c.requests += m.Sum("aviary_admission_requests_total")
	for _, series := range m["aviary_wait_seconds"].GetMetric() {
		c.waitSeconds += series.GetHistogram().GetSampleSum()
	}
	return c
}

// update replaces the replicas one after the other, as a rolling update does, and then changes the configuration so
// that every RouteTable with a canary is written anew.
func (b *bed) update(ctx context.Context) error {
	const between = 3 * time.Second
	for range 2 {
		if err := pause(ctx, between); err != nil {
			return err
		}
		fresh, err := b.first.Join(ctx)
		if err != nil {
			return err
		}
		if err := b.replace(ctx, fresh); err != nil {
			return err
		}
	}
	return errors.Join(pause(ctx, between), b.first.SetConfig(reloaded))
}

// replace ends the replica that has run for longest. What it counts in its last moments is lost.
func (b *bed) replace(ctx context.Context, fresh *aviary.Instance) error {
	if _, err := b.count(ctx); err != nil {
		return err
	}
	b.mu.Lock()
	old := b.replicas[0]
	b.replicas = append(b.replicas[1:], fresh)
	b.ended = append(b.ended, old)
	b.mu.Unlock()
	return old.Stop()
}
