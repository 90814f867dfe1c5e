package pace

import (
	"testing"
	"time"
)

var start = time.Date(2026, 11, 28, 15, 0, 0, 0, time.UTC)

// After a burst it is once a second, of each on its own.
func TestPace(t *testing.T) {
	t.Parallel()
	p := New[string](time.Second, 3)
	for i, want := range []bool{true, true, true, false, false} {
		if wait := p.Wait("a", start); (wait == 0) != want {
			t.Errorf("try %d: wait %s", i, wait)
		}
		if got := p.Take("a", start); got != want {
			t.Errorf("try %d: %t", i, got)
		}
	}
	if wait := p.Wait("b", start); wait != 0 || !p.Take("b", start) {
		t.Errorf("another one must wait %s", wait)
	}
	now, taken := start, 0
	for range 150 * 60 {
		now = now.Add(time.Second / 150)
		if p.Take("a", now) {
			taken++
		}
	}
	if taken < 59 || taken > 60 {
		t.Errorf("%d times in a minute", taken)
	}
	now = now.Add(p.Wait("a", now))
	if !p.Take("a", now) {
		t.Error("it was waited for")
	}
}

// It is busy with what has used up half of its burst.
func TestPaceIsBusy(t *testing.T) {
	t.Parallel()
	p := New[string](time.Second, 4)
	for i, want := range []bool{false, false, false, true} {
		if got := p.Busy("a", start); got != want {
			t.Errorf("after %d: %t", i, got)
		}
		p.Take("a", start)
	}
	if p.Busy("a", start.Add(3*time.Second)) || p.Busy("b", start) {
		t.Error("it rests")
	}
}

// What rests has its burst back, and is forgotten.
func TestPaceForgets(t *testing.T) {
	t.Parallel()
	p := New[int](time.Second, 3)
	for i := range 1000 {
		p.Take(i, start)
	}
	p.Take(0, start.Add(3*time.Second))
	p.Take(1000, start.Add(3*time.Second))
	if len(p.of) != 2 {
		t.Errorf("it holds %d", len(p.of))
	}
}
