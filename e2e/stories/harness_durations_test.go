package stories

import (
	"cmp"
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

func newDurations() *durations { return &durations{} }

func (l *durations) add(d time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, d)
}

// report logs percentiles, and fails the test if the longest time is above the limit.
func (l *durations) report(t *testing.T, what string, target, limit time.Duration) {
	t.Helper()
	slices.Sort(l.all)
	if len(l.all) == 0 {
		t.Errorf("%s: was never measured", what)
		return
	}
	round := func(i int) time.Duration { return l.all[i].Round(time.Millisecond) }
	t.Logf("%s after: p50 %s, p99 %s, at most %s (%d times; the aim is %s)", what, round(len(l.all)/2), round(max(0, len(l.all)*99/100-1)), round(len(l.all)-1), len(l.all), target)
	if worst := l.all[len(l.all)-1]; worst > limit {
		t.Errorf("%s after %s, must be below %s", what, worst, limit)
	}
}

// percentiles returns the median, the 99th percentile and the longest.
func percentiles(took []time.Duration) (p50, p99, most time.Duration) {
	slices.SortFunc(took, cmp.Compare)
	return took[len(took)/2].Round(time.Millisecond), took[max(0, len(took)*99/100-1)].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond)
}
