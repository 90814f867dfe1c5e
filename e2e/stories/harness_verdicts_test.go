package stories

import (
	"errors"
	"strings"
	"sync"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// tally counts what became of many like attempts.
type tally struct {
	mu                          sync.Mutex
	tried, denied, slow, failed map[string]int
	first                       map[string]error
}

func newTally() *tally {
	return &tally{tried: map[string]int{}, denied: map[string]int{}, slow: map[string]int{}, failed: map[string]int{}, first: map[string]error{}}
}

// denied reports whether a rule refused, as opposed to anything else: without
// the mutating webhook the API server itself refuses a Deployment without selector.
func denied(err error) bool {
	return apierrors.IsInvalid(err) && strings.Contains(err.Error(), "admission webhook")
}

// undecided reports whether Aviary had not the time to decide, or was not there.
func undecided(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "aviary could not decide") || strings.Contains(err.Error(), "failed calling webhook"))
}

// patientTries is how often an attempt is made that Aviary has no time for, on a machine
// that does many things at once.
const patientTries = 20

// decided asks again, twice, where Aviary had not the time to decide: a busy machine
// is excused, but not what always takes too long.
func decided(ask func() string) (answer string) {
	for range 3 {
		if answer = ask(); !undecided(errors.New(answer)) {
			break
		}
	}
	return answer
}

// try makes an attempt, again for as long as Aviary asks for that, and counts it.
func (c *tally) try(what string, attempt func() error) {
	err := attempt()
	slow := 0
	for ; undecided(err) && slow < patientTries; slow++ {
		err = attempt()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tried[what]++
	c.slow[what] += slow
	switch {
	case err == nil:
		return
	case denied(err):
		c.denied[what]++
	default:
		c.failed[what]++
	}
	if c.first[what] == nil {
		c.first[what] = err
	}
}

// side runs a task for each index, some at the same time. A task may end its story.
func side(count, atOnce int, task func(int)) {
	slots := make(chan struct{}, atOnce)
	var wait sync.WaitGroup
	for i := range count {
		slots <- struct{}{}
		wait.Go(func() {
			defer func() { <-slots }()
			task(i)
		})
	}
	wait.Wait()
}
