package webhook

import "github.com/prometheus/client_golang/prometheus/testutil"

// Waiting is how many requests wait now.
func (t *Tables) Waiting() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.total
}

// Waited is how many requests of this process have waited, or would have.
func Waited() (n float64) {
	for _, result := range []string{waitInStep, waitTimeout, waitFull} {
		n += testutil.ToFloat64(waits.WithLabelValues(result))
	}
	return n
}
