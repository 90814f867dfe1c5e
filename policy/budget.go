package policy

import (
	"errors"
	"fmt"
	"sync/atomic"
)

// maxSteps bounds what an own rule can do, and with it most of the memory that it can take. A walk over all
// destinations of a table of a thousand routes takes some tens of thousands.
const maxSteps = 300_000

var errTooManySteps = fmt.Errorf("took more than %d steps", maxSteps)

// budget implements [topdown.Cancel]. OPA asks it before each expression and within its longer loops, from one goroutine.
type budget struct {
	steps     int // 0 for no limit
	taken     int
	cancelled atomic.Bool
}

// Cancel implements [topdown.Cancel].
func (b *budget) Cancel() { b.cancelled.Store(true) }

// Cancelled implements [topdown.Cancel].
func (b *budget) Cancelled() bool {
	b.taken++
	return b.spent() || b.cancelled.Load()
}

func (b *budget) spent() bool { return b.steps > 0 && b.taken > b.steps }

// guard makes an error of a panic, because only a request's own goroutine survives one.
func guard[T any](f func() (T, error)) (result T, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = errors.Join(err, fmt.Errorf("panic: %v", r))
		}
	}()
	return f()
}
