package main

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/aviary"
)

// Growth up to these limits is tolerated: memory that the allocator keeps, and work in progress.
const (
	memoryFactor    = 1.2
	memorySlack     = 16 << 20
	goroutinesSlack = 10
)

// size is how much memory and how many goroutines Aviary uses.
type size struct{ resident, heap, goroutines float64 }

func (s size) String() string {
	return fmt.Sprintf("%.1f MiB resident, %.1f MiB of heap in use, %.0f goroutines",
		s.resident/(1<<20), s.heap/(1<<20), s.goroutines)
}

// grownSince returns an error if s is larger than before.
func (s size) grownSince(before size) error {
	if s.resident > before.resident*memoryFactor+memorySlack || s.goroutines > before.goroutines+goroutinesSlack {
		return fmt.Errorf("aviary grows: %s before, %s after", before, s)
	}
	return nil
}

// settled returns the least of ten measurements, one each second, while Aviary has nothing to do.
func settled(ctx context.Context, instance *aviary.Instance) (least size, err error) {
	moments := 0
	err = wait.PollUntilContextTimeout(ctx, time.Second, time.Minute, false, func(ctx context.Context) (bool, error) {
		m, err := instance.Metrics(ctx)
		if err != nil {
			return false, err
		}
		now := size{
			m.Sum("process_resident_memory_bytes"), m.Sum("go_memstats_heap_inuse_bytes"), m.Sum("go_goroutines"),
		}
		if moments == 0 {
			least = now
		}
		least = size{
			min(least.resident, now.resident), min(least.heap, now.heap), min(least.goroutines, now.goroutines),
		}
		moments++
		return moments == 10, nil
	})
	return least, err
}
