// Package pace bounds how often something is done about each of many.
package pace

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Pace has what is done about one of many done at once a few times, and then now and then. Those about which nothing
// was done for long are forgotten, so that it holds no more than what it let pass lately.
type Pace[K comparable] struct {
	every time.Duration
	burst int

	mu sync.Mutex
	of map[K]*rate.Limiter
	// kept is when it was last seen to that those are forgotten.
	kept time.Time
}

// New returns a pace of once in a while, after a burst of so many.
func New[K comparable](every time.Duration, burst int) *Pace[K] {
	return &Pace[K]{every: every, burst: burst, of: map[K]*rate.Limiter{}}
}

// Take reports whether it may be done now; if so, that counts.
func (p *Pace[K]) Take(k K, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.of[k]
	if l == nil {
		p.forget(now)
		l = rate.NewLimiter(rate.Every(p.every), p.burst)
		p.of[k] = l
	}
	return l.AllowN(now, 1)
}

// Wait is how long it must not be done; 0 if it may be.
func (p *Pace[K]) Wait(k K, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.of[k]
	if l == nil {
		return 0
	}
	missing := 1 - l.TokensAt(now)
	if missing <= 0 {
		return 0
	}
	return time.Duration(missing*float64(p.every)) + time.Millisecond // so that Take says yes afterwards
}

// Busy reports whether it was done so often lately that less than half of the burst is left.
func (p *Pace[K]) Busy(k K, now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	l := p.of[k]
	return l != nil && l.TokensAt(now) < float64(p.burst)/2
}

// forget drops those that have their whole burst again, each time when all of them may have it.
func (p *Pace[K]) forget(now time.Time) {
	if now.Sub(p.kept) < p.every*time.Duration(p.burst) {
		return
	}
	p.kept = now
	for k, l := range p.of {
		if l.TokensAt(now) >= float64(p.burst) {
			delete(p.of, k)
		}
	}
}
