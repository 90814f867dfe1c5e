package main

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// reading closes the body as controller-runtime does, after which net/http takes it for read.
func reading() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer r.Body.Close() //nolint:errcheck // because it was read.
		if _, err := io.ReadAll(r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
}

// serve has the time-out of controller-runtime's server.
func serve(t *testing.T) *httptest.Server {
	server := httptest.NewUnstartedServer(guard(reading(), synced))
	server.Config.IdleTimeout = time.Minute
	server.Start()
	t.Cleanup(server.Close)
	return server
}

func synced() []string { return nil }

// A body that never ends may hold neither a handler nor, after its answer, the connection.
func TestGuardEndsSlowBodies(t *testing.T) {
	t.Parallel()
	server := serve(t)
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // because the other side has.
	if err := c.SetDeadline(time.Now().Add(4 * bodyTime)); err != nil {
		t.Fatal(err)
	}
	if _, err := fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n{"); err != nil {
		t.Fatal(err)
	}
	answer, err := io.ReadAll(c)
	if err != nil || !strings.HasPrefix(string(answer), "HTTP/1.1 400") {
		t.Errorf("want an answer and the end of the connection, got %q and %v", answer, err)
	}
}

// One connection serves request after request, also beyond the time that one body has.
func TestGuardKeepsConnections(t *testing.T) {
	t.Parallel()
	server := serve(t)
	c, err := net.Dial("tcp", server.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close() //nolint:errcheck // because all is over.
	r := bufio.NewReader(c)
	tick := time.NewTicker(bodyTime / 2)
	defer tick.Stop()
	for range 4 {
		if _, err := fmt.Fprint(c, "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}"); err != nil {
			t.Fatal(err)
		}
		response, err := http.ReadResponse(r, nil)
		if err != nil || response.StatusCode != http.StatusOK {
			t.Fatalf("got %v and %v", response, err)
		}
		<-tick.C
	}
}

func TestGuardRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, body string
		unsynced     []string
		code         int
		says         string
	}{
		"a GET": {method: http.MethodGet, code: http.StatusMethodNotAllowed, says: "by POST"},
		"before all was seen": {
			method: http.MethodPost, unsynced: []string{"deployments", "upstreams"},
			code: http.StatusInternalServerError, says: "deployments, upstreams; try again",
		},
		"a body beyond the limit": {
			method: http.MethodPost, body: strings.Repeat("x", largeLimit+1),
			code: http.StatusBadRequest, says: "too large",
		},
		"two objects of a megabyte of <": {
			method: http.MethodPost, body: strings.Repeat(`\u003c`, 3<<20), code: http.StatusOK,
		},
		"what is right": {method: http.MethodPost, body: "{}", code: http.StatusOK},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			r := httptest.NewRequest(c.method, "/", strings.NewReader(c.body))
			guard(reading(), func() []string { return c.unsynced }).ServeHTTP(w, r)
			if w.Code != c.code || !strings.Contains(w.Body.String(), c.says) {
				t.Errorf("got %d %q, want %d and %q", w.Code, w.Body, c.code, c.says)
			}
		})
	}
}

// Large bodies are read two at a time, whoever sends them.
func TestGuardReadsFewLargeBodiesAtATime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		reading, held := atomic.Int32{}, make(chan struct{})
		h := guard(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reading.Add(1); <-held }),
			func() []string { return nil })
		send := func(size int, code *int) {
			w := httptest.NewRecorder()
			h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(strings.Repeat("x", size))))
			*code = w.Code
		}
		codes := make([]int, 5)
		for i := range 4 {
			go send(bodyLimit+1, &codes[i])
		}
		go send(bodyLimit, &codes[4])
		synctest.Wait()
		if n := reading.Load(); n != mostLarge+1 {
			t.Errorf("%d are read", n)
		}
		time.Sleep(bodyTime) //nolint:forbidigo // of the bubble's clock
		close(held)
		synctest.Wait()
		slices.Sort(codes)
		if want := []int{200, 200, 200, 500, 500}; !slices.Equal(codes, want) {
			t.Errorf("answers %v, want %v", codes, want)
		}
	})
}
