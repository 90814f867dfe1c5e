package stories

import (
	"fmt"
	"net/http"
	"strings"
	"sync"

	"aviary.dev/e2e/lagging"
)

// race sends a request for whose verdict Aviary lists a resource of the namespace. After that list
// was read, and before Aviary gets the answer, the second request is sent: each is right alone. If
// Aviary had no time to decide on the first one, the second is undone and both are sent again.
func race(q direct, proxy *lagging.Proxy, resource string, first, second, undo func() error) {
	q.Helper()
	end := "/namespaces/" + q.namespace + "/" + resource
	defer holds.set(q.namespace, nil)
	proxy.Hold(holds.call)
	for range maxTries {
		var once sync.Once
		secondDone := make(chan error, 1)
		holds.set(q.namespace, func(r *http.Request) {
			if r.Method == http.MethodGet && strings.HasSuffix(r.URL.Path, end) {
				once.Do(func() { secondDone <- second() })
			}
		})
		err := first()
		if !noVerdict(err) {
			q.check(err)
			once.Do(func() {
				secondDone <- fmt.Errorf("there was no race in %s: Aviary did not list %s", q.namespace, resource)
			})
			q.check(<-secondDone)
			return
		}
		once.Do(func() { secondDone <- second() })
		q.check(<-secondDone)
		q.check(undo())
	}
	q.Fatalf("Aviary had no time to decide, %d times", maxTries)
}

// holds are the functions that the proxy calls for requests about a namespace.
var holds = namespaceHolds{by: map[string]func(*http.Request){}}

// namespaceHolds are functions by namespace.
type namespaceHolds struct {
	mu sync.Mutex
	by map[string]func(*http.Request)
}

// set sets the function of a namespace, or removes it with nil.
func (h *namespaceHolds) set(namespace string, hold func(*http.Request)) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.by[namespace] = hold
}

// call calls the function of the namespace that a request is about.
func (h *namespaceHolds) call(r *http.Request) {
	_, rest, _ := strings.Cut(r.URL.Path, "/namespaces/")
	namespace, _, _ := strings.Cut(rest, "/")
	h.mu.Lock()
	hold := h.by[namespace]
	h.mu.Unlock()
	if hold != nil {
		hold(r)
	}
}
