package main

import (
	"net/http"
	"time"
)

// Limits of one call of a webhook. The API server sends at most an object and its old form (1.5 MiB each in etcd).
const (
	bodyLimit = 4 << 20
	bodyTime  = 5 * time.Second
)

// guard bounds how long a body may take to arrive and how large it may be, so that nobody who reaches the port can hold
// on to it.
func guard(h http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodPost {
			w.Header().Set("Allow", http.MethodPost)
			http.Error(w, "this is an admission webhook: it takes an AdmissionReview by POST", http.StatusMethodNotAllowed)
			return
		}
		control := http.NewResponseController(w)
		_ = control.SetReadDeadline(time.Now().Add(bodyTime)) // a server that can't is bounded by its own time-outs
		r.Body = http.MaxBytesReader(w, r.Body, bodyLimit)
		h.ServeHTTP(w, r)
		_ = control.SetReadDeadline(time.Time{})
	})
}
