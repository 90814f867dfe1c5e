package stories

import (
	"context"
	"crypto/tls"
	"io"
	"strings"
	"sync"
	"time"
)

// slowBodies opens 200 connections whose bodies never end. Aviary closes them, and answers other
// requests meanwhile.
func (s *story) slowBodies(d endpoints) {
	s.Helper()
	const connections = 200
	ctx, cancel := context.WithTimeout(s.Context(), waitLimit)
	defer cancel()
	var all sync.WaitGroup
	var mu sync.Mutex
	var held, longest time.Duration
	open := make(chan struct{}, connections)
	for range connections {
		all.Go(func() {
			c, err := (&tls.Dialer{Config: s.tls()}).DialContext(ctx, "tcp", s.aviary.Address)
			open <- struct{}{}
			if err != nil {
				s.Errorf("connect: %v", err)
				return
			}
			defer c.Close() //nolint:errcheck // because Aviary must close it.
			began := time.Now()
			deadline, _ := ctx.Deadline()
			_ = c.SetDeadline(deadline)
			_, err = io.WriteString(c, "POST /validate HTTP/1.1\r\nHost: aviary\r\n"+
				"Content-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
			if err == nil {
				_, err = io.Copy(io.Discard, c) // Until Aviary closes it.
			}
			if ctx.Err() != nil || err != nil && strings.Contains(err.Error(), "timeout") {
				s.Errorf("Aviary holds a connection whose body doesn't come: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			held = max(held, time.Since(began))
		})
	}
	for range connections {
		<-open
	}
	good := review(input{"", "Deployment", s.deployment(nil)})
	for range 20 {
		began := time.Now()
		got := retryNoVerdict(func() string { return s.postToWebhook(d, "/validate", good) })
		if got != "admitted" {
			s.Errorf("meanwhile a valid request must be admitted, but: %s", got)
		}
		longest = max(longest, time.Since(began))
	}
	all.Wait()
	s.Logf("%d slow bodies were held for at most %s; meanwhile 20 others were answered in at most %s",
		connections, held.Round(time.Millisecond), longest.Round(time.Millisecond))
}
