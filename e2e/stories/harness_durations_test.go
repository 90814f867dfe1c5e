package stories

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// durations are measured times of one kind.
type durations struct {
	mu  sync.Mutex
	all []time.Duration
}

// newDurations returns no durations yet.
func newDurations() *durations { return &durations{} }

// add adds a measured time.
func (l *durations) add(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, d)
}

// report logs percentiles, and fails the test if the longest time is above the limit.
func (l *durations) report(t *testing.T, what string, target, limit time.Duration) {
	t.Helper()
	if len(l.all) == 0 {
		t.Errorf("%s: was never measured", what)
		return
	}
	p50, p99, worst := percentiles(l.all)
	t.Logf("%s after: p50 %s, p99 %s, at most %s (%d times; the target is %s)",
		what, p50, p99, worst, len(l.all), target)
	if worst > limit {
		t.Errorf("%s after %s, must be below %s", what, worst, limit)
	}
}

// percentiles sorts times and returns the median, the 99th percentile and the longest, rounded.
func percentiles(took []time.Duration) (p50, p99, most time.Duration) {
	slices.Sort(took)
	at := func(i int) time.Duration { return took[i].Round(time.Millisecond) }
	return at(len(took) / 2), at(max(0, len(took)*99/100-1)), at(len(took) - 1)
}
