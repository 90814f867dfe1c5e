package stories

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
)

// verdictCounts counts the verdicts on attempts, by the kind of attempt.
type verdictCounts struct {
	mu                          sync.Mutex
	tried, denied, slow, failed map[string]int
	first                       map[string]error
}

// newVerdictCounts returns counts of 0.
func newVerdictCounts() *verdictCounts {
	return &verdictCounts{
		tried: map[string]int{}, denied: map[string]int{}, slow: map[string]int{}, failed: map[string]int{},
		first: map[string]error{},
	}
}

// denied reports whether one of Aviary's rules refused. Other refusals don't count: without the
// mutating webhook the API server itself refuses a Deployment without a selector.
func denied(err error) bool {
	return apierrors.IsInvalid(err) && strings.Contains(err.Error(), "admission webhook")
}

// noVerdict reports whether Aviary had no time to decide, or was away.
func noVerdict(err error) bool {
	return err != nil && (strings.Contains(err.Error(), "aviary could not decide") ||
		strings.Contains(err.Error(), "failed calling webhook"))
}

// maxTries is how often an attempt without a verdict is made, because the machine may be busy.
const maxTries = 20

// undecided is how often Aviary had no time to decide and was asked again. More than mostUndecided are no busy
// machine's fault any more, and fail the run.
var undecided atomic.Int64

const mostUndecided = 60

// decided does something, again while Aviary says that it had no time to decide, as on a busy machine. It does so twice
// more at most, so what always takes too long fails.
func decided(do func() error) (err error) {
	for range 3 {
		if err = do(); err == nil || !strings.Contains(err.Error(), "aviary could not decide: it took longer") {
			break
		}
		undecided.Add(1)
	}
	return err
}

// retryNoVerdict asks again, twice, while there is no verdict. The limit of two makes what always
// takes too long fail.
func retryNoVerdict(ask func() string) (answer string) {
	for range 3 {
		if answer = ask(); !noVerdict(errors.New(answer)) {
			break
		}
		undecided.Add(1)
	}
	return answer
}

// count makes an attempt, again while there is no verdict, and counts the result.
func (c *verdictCounts) count(what string, attempt func() error) {
	err := attempt()
	slow := 0
	for ; noVerdict(err) && slow < maxTries; slow++ {
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

// inParallel runs a task for each index, at most atOnce at the same time.
func inParallel(count, atOnce int, task func(int)) {
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
