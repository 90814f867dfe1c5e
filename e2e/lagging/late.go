package lagging

import (
	"io"
	"sync"
	"time"
)

// chunk is a piece of a body, or its end.
type chunk struct {
	arrived time.Time
	data    []byte
	err     error
}

// delayedBody is the body of a watch that arrives late.
type delayedBody struct {
	p      *Proxy
	body   io.ReadCloser
	chunks chan chunk
	closed chan struct{}
	once   sync.Once
	rest   chunk
}

// backlog is how many chunks may wait. Stories make far fewer.
const backlog = 1 << 16

// delayed returns a body that arrives as late as the proxy's settings say.
func (p *Proxy) delayed(body io.ReadCloser) io.ReadCloser {
	l := &delayedBody{p: p, body: body, chunks: make(chan chunk, backlog), closed: make(chan struct{})}
	go l.receive()
	return l
}

// receive reads the body at once, and notes when each chunk arrived.
func (l *delayedBody) receive() {
	buffer := make([]byte, 64<<10)
	for {
		n, err := l.body.Read(buffer)
		select {
		case l.chunks <- chunk{time.Now(), append([]byte(nil), buffer[:n]...), err}:
		case <-l.closed:
			return
		}
		if err != nil {
			return
		}
	}
}

// Read implements [io.Reader].
func (l *delayedBody) Read(into []byte) (int, error) {
	for len(l.rest.data) == 0 {
		if l.rest.err != nil {
			return 0, l.rest.err
		}
		select {
		case l.rest = <-l.chunks:
		case <-l.closed:
			return 0, io.ErrClosedPipe
		}
		if !l.wait(l.rest.arrived) {
			return 0, io.ErrClosedPipe
		}
	}
	n := copy(into, l.rest.data)
	l.rest.data = l.rest.data[n:]
	return n, nil
}

// wait waits until the client may see a chunk that arrived then. It returns false if the body was
// closed.
func (l *delayedBody) wait(arrived time.Time) bool {
	for {
		left, changed := l.p.due(arrived)
		var timer <-chan time.Time
		switch {
		case left == 0:
			return true
		case left > 0:
			timer = time.After(left)
		}
		select {
		case <-timer:
		case <-changed:
		case <-l.closed:
			return false
		}
	}
}

// Close implements [io.Closer].
func (l *delayedBody) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.body.Close()
}
