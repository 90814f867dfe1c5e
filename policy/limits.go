package policy

import (
	"errors"
	"fmt"
	"sync/atomic"
)

// maxSteps bounds what a custom rule can do, and with it most of the memory that it can take. A
// walk over all destinations of a table of a thousand routes takes some tens of thousands.
const maxSteps = 300_000

var errTooManySteps = fmt.Errorf("took more than %d steps", maxSteps)

// stepLimit implements [topdown.Cancel]. OPA asks it before each expression and within its longer
// loops, from one goroutine.
type stepLimit struct {
	steps     int // 0 for no limit
	taken     int
	cancelled atomic.Bool
}

// Cancel implements [topdown.Cancel].
func (l *stepLimit) Cancel() { l.cancelled.Store(true) }

// Cancelled implements [topdown.Cancel].
func (l *stepLimit) Cancelled() bool {
	l.taken++
	return l.spent() || l.cancelled.Load()
}

func (l *stepLimit) spent() bool { return l.steps > 0 && l.taken > l.steps }

// guard makes an error of a panic, because only a request's own goroutine survives one.
func guard[T any](f func() (T, error)) (result T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(err, fmt.Errorf("panic: %v", r))
		}
	}()
	return f()
}
