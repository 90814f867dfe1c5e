package lagging

import (
	"io"
	"sync"
	"time"
)

// chunk is what came in one piece, or the end of it all.
type chunk struct {
	came time.Time
	data []byte
	err  error
}

// late is a body that arrives late.
type late struct {
	p      *Proxy
	body   io.ReadCloser
	chunks chan chunk
	closed chan struct{}
	once   sync.Once
	rest   chunk
}

// backlog is how many pieces may wait; far more than a story makes.
const backlog = 1 << 16

func (p *Proxy) late(body io.ReadCloser) io.ReadCloser {
	l := &late{p: p, body: body, chunks: make(chan chunk, backlog), closed: make(chan struct{})}
	go l.receive()
	return l
}

func (l *late) receive() {
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
func (l *late) Read(into []byte) (int, error) {
	for len(l.rest.data) == 0 {
		if l.rest.err != nil {
			return 0, l.rest.err
		}
		select {
		case l.rest = <-l.chunks:
		case <-l.closed:
			return 0, io.ErrClosedPipe
		}
		if !l.wait(l.rest.came) {
			return 0, io.ErrClosedPipe
		}
	}
	n := copy(into, l.rest.data)
	l.rest.data = l.rest.data[n:]
	return n, nil
}

// wait waits until what came then may be seen; false if nobody wants it any more.
func (l *late) wait(came time.Time) bool {
	for {
		left, changed := l.p.due(came)
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
func (l *late) Close() error {
	l.once.Do(func() { close(l.closed) })
	return l.body.Close()
}
