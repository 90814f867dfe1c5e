package main

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// Limits of one call of a webhook. The API server sends at most an object and its old form: 1.5 MiB each in etcd, but
// in JSON it writes six bytes for a "<". Of bodies above the ordinary limit only a few are read at a time.
const (
	bodyLimit  = 4 << 20
	largeLimit = 20 << 20
	mostLarge  = 2
	bodyTime   = 5 * time.Second
)

// guard bounds how long a body may take to arrive and how large it may be, so that nobody who
// reaches the port can hold on to it. Until Aviary has seen every object it answers with an error,
// so that the failurePolicy decides: no other object's absence means anything yet.
func guard(h http.Handler, unsynced func() []string) http.Handler {
	large := make(chan struct{}, mostLarge)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "this is an admission webhook: it takes an AdmissionReview by POST", http.StatusMethodNotAllowed)
			return
		}
		if missing := unsynced(); len(missing) > 0 {
			// The API server shows its user the text of a 500, not that of a 503.
			text := "Aviary is starting and has not yet seen all " + strings.Join(missing, ", ") + "; try again"
			http.Error(w, text, http.StatusInternalServerError)
			return
		}
		limit := int64(bodyLimit)
		if r.ContentLength > bodyLimit && r.ContentLength <= largeLimit {
			select {
			case large <- struct{}{}:
				defer func() { <-large }()
			case <-time.After(bodyTime):
				http.Error(w, "Aviary reads other large objects; try again", http.StatusInternalServerError)
				return
			}
			limit = largeLimit
		}
		// The server sets its own deadline for the next request. One that can't is bounded by its
		// own time-outs.
		_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(bodyTime))
		r.Body = &body{http.MaxBytesReader(w, r.Body, limit), w}
		h.ServeHTTP(w, r)
	})
}

// body closes the connection of a body that can't be read to its end: the server would wait for
// what is left of it.
type body struct {
	io.ReadCloser
	w http.ResponseWriter
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if err != nil && !errors.Is(err, io.EOF) {
		b.w.Header().Set("Connection", "close")
	}
	return n, err
}
