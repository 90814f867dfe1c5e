package expander

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"aviary.dev/route"
)

// traffic reconciles apps as controller-runtime does, with a function in place of the expander's.
type traffic struct {
	lanes
	queue chan route.Ref
	stop  chan struct{}
	work  func(app route.Ref)
	busy  map[string]int // by namespace
	most  map[string]int
	done  map[route.Ref]time.Duration
	start time.Time
}

// drive has the workers take apps from the queue until the test's bubble ends.
func drive(t *testing.T, work func(app route.Ref)) *traffic {
	t.Helper()
	x := &traffic{
		queue: make(chan route.Ref, 10000), stop: make(chan struct{}), work: work,
		busy: map[string]int{}, most: map[string]int{}, done: map[route.Ref]time.Duration{}, start: time.Now(),
	}
	x.call = func(app route.Ref) { x.queue <- app }
	for range workers {
		go func() {
			for {
				select {
				case app := <-x.queue:
					x.try(app)
				case <-x.stop:
					return
				}
			}
		}()
	}
	t.Cleanup(func() { close(x.stop) })
	return x
}

func (x *traffic) try(app route.Ref) {
	s := x.enter(app)
	if s == nil {
		return
	}
	defer x.leave(s)
	x.count(app.Namespace, 1)
	x.work(app)
	x.count(app.Namespace, -1)
	x.mu.Lock()
	defer x.mu.Unlock()
	x.done[app] = time.Since(x.start)
}

func (x *traffic) count(namespace string, n int) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.busy[namespace] += n
	x.most[namespace] = max(x.most[namespace], x.busy[namespace])
}

func (x *traffic) add(namespace string, n int) {
	for i := range n {
		x.queue <- route.Ref{Namespace: namespace, Name: fmt.Sprint("app-", i)}
	}
}

// Writes that hang in some namespaces, known or not yet, hold no other one up.
func TestHangingNamespacesHoldNobodyUp(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		hang, apps int
		known      bool
	}{
		"OneKnown":   {1, 50, true},
		"OneNew":     {1, 50, false},
		"ThreeNew":   {3, 50, false},
		"AHundred":   {100, 5, true},
		"OnlyOneApp": {12, 1, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				x := drive(t, nil)
				x.work = func(app route.Ref) {
					if app.Namespace == "free" {
						return
					}
					select {
					case <-time.After(requestTime): // a write that hangs
					case <-x.stop:
					}
				}
				for i := range c.hang {
					namespace := fmt.Sprint("hangs-", i)
					if c.known {
						x.fails(namespace)
					}
					x.add(namespace, c.apps)
				}
				x.add("free", 20)
				time.Sleep(time.Second) //nolint:forbidigo // of the bubble's clock
				synctest.Wait()
				x.mu.Lock()
				defer x.mu.Unlock()
				for i := range 20 {
					if at, ok := x.done[route.Ref{Namespace: "free", Name: fmt.Sprint("app-", i)}]; !ok {
						t.Fatalf("app %d must be done within a second, took %s", i, at)
					}
				}
				for i := range c.hang {
					namespace := fmt.Sprint("hangs-", i)
					if most := x.most[namespace]; most > perNamespace || c.known && most > 1 {
						t.Errorf("%s had %d workers", namespace, most)
					}
				}
			})
		})
	}
}

// Every app gets its turn, and a namespace that heals gets all its workers back.
func TestParkedAppsGetTheirTurn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		x := drive(t, nil)
		x.work = func(app route.Ref) {
			time.Sleep(100 * time.Millisecond) //nolint:forbidigo // of the bubble's clock
			if app.Name == "app-0" {
				x.heals(app.Namespace)
			}
		}
		x.fails("n")
		x.add("n", 1)
		synctest.Wait() // so that it is the first
		x.add("n", 201)
		time.Sleep(5200 * time.Millisecond) //nolint:forbidigo // of the bubble's clock: 0.1 s + 201 apps, four at a time
		synctest.Wait()
		x.mu.Lock()
		defer x.mu.Unlock()
		if len(x.done) != 201 || x.most["n"] != perNamespace {
			t.Errorf("%d apps are done, with %d workers at most", len(x.done), x.most["n"])
		}
		if x.quick+x.slow+x.fromShaky+len(x.seats)+len(x.parked)+len(x.isParked)+len(x.called) != 0 {
			t.Errorf("all must be free again: %d, %d, %d, %v, %v", x.quick, x.slow, x.fromShaky, x.seats, x.parked)
		}
	})
}

// As long as all goes well no more is written at a time than ever.
func TestQuickLane(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		most := 0
		x := drive(t, nil)
		x.work = func(route.Ref) {
			x.mu.Lock()
			most = max(most, x.quick+x.slow)
			x.mu.Unlock()
			time.Sleep(patience / 2) //nolint:forbidigo // of the bubble's clock
		}
		for i := range 50 {
			x.add(fmt.Sprint("n-", i), 4)
		}
		time.Sleep(time.Minute) //nolint:forbidigo // of the bubble's clock
		synctest.Wait()
		x.mu.Lock()
		defer x.mu.Unlock()
		if most != quickLane || len(x.done) != 200 {
			t.Errorf("%d at a time, %d done", most, len(x.done))
		}
	})
}

// As long as writes fail in a namespace it has one worker; a conflict is no reason for that.
func TestNamespaceIsShakyWhileWritesFail(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	c.version("v1", `"aviary.dev/role":"primary"`)
	for _, step := range []struct {
		do   func()
		want bool
	}{
		{func() { c.fail(conflicts()) }, false},
		{func() { c.later += blockedAfter }, true},
		{func() { c.refuse = nothingFails }, false},
		{func() { c.version("v2", `"aviary.dev/role":"shadow"`); c.fail(denied()) }, true},
		{func() { c.refuse = nothingFails }, false},
		{func() { c.version("v3", `"aviary.dev/role":"standby"`); c.fail(broken()) }, true},
		{func() { c.refuse = nothingFails; c.without("v1"); c.without("v2"); c.without("v3") }, false},
	} {
		step.do()
		c.mustTry()
		if got := c.lanes.shaky["n"]; got != step.want {
			t.Errorf("shaky: %v, want %v", got, step.want)
		}
	}
}
