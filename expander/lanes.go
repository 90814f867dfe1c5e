package expander

import (
	"sync"
	"time"

	"aviary.dev/route"
)

// How many apps are reconciled at a time. Requests that hang cost a worker and nothing else, so there are many more
// workers than apps that are written for; the lanes see to it that some are always free.
const (
	workers = quickLane + slowLane
	// quickLane are the apps that may be with a worker at a time, as long as that is quick.
	quickLane = 4
	// slowLane are those that have been with one for longer than patience, and those of shaky namespaces.
	slowLane = 20
	// shakyLane are those of shaky namespaces alone.
	shakyLane = 12
	// perNamespace are those of one namespace; of a shaky one it is one.
	perNamespace = 4

	patience = 300 * time.Millisecond
)

// lanes shares the workers out, so that writes which hang in some namespaces don't hold up the others. An app that
// finds no seat is parked, and called when there is one. The zero lanes are all free.
type lanes struct {
	mu sync.Mutex
	// call has a worker come back for an app.
	call func(route.Ref)
	// shaky are the namespaces with an app whose writes fail.
	shaky map[string]bool
	// seats are those that are taken, by namespace.
	seats map[string]int
	// Of them quick, slow and fromShaky are in the lanes.
	quick, slow, fromShaky int
	parked                 map[string][]route.Ref
	isParked               map[route.Ref]bool
	// called are the seats kept for parked apps that were called.
	called map[route.Ref]*seat
}

// seat is an app's place while a worker is with it.
type seat struct {
	namespace   string
	slow, shaky bool
	left        bool
	patience    *time.Timer
}

// enter returns a seat for the app; nil if there is none now, so that the app will be called.
func (l *lanes) enter(app route.Ref) *seat {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.init()
	s := l.called[app]
	delete(l.called, app)
	switch {
	case s != nil:
	case l.hasRoom(app.Namespace):
		s = l.take(app.Namespace)
	default:
		if !l.isParked[app] {
			l.isParked[app] = true
			l.parked[app.Namespace] = append(l.parked[app.Namespace], app)
		}
		return nil
	}
	if !s.slow {
		s.patience = time.AfterFunc(patience, func() { l.stepAside(s) })
	}
	return s
}

// leave gives the seat back.
func (l *lanes) leave(s *seat) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.patience != nil {
		s.patience.Stop()
	}
	s.left = true
	if l.seats[s.namespace]--; l.seats[s.namespace] == 0 {
		delete(l.seats, s.namespace)
	}
	if s.slow {
		l.slow--
	} else {
		l.quick--
	}
	if s.shaky {
		l.fromShaky--
	}
	l.callParked()
}

// stepAside moves what takes long out of the way of what is quick.
func (l *lanes) stepAside(s *seat) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if s.left || l.slow == slowLane {
		return
	}
	s.slow = true
	l.quick--
	l.slow++
	l.callParked()
}

// fails says that writes fail in the namespace; heals, that one which had failed succeeds. Whoever says so has a seat,
// and parked apps are called when it leaves.
func (l *lanes) fails(namespace string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.init()
	l.shaky[namespace] = true
}

func (l *lanes) heals(namespace string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.shaky, namespace)
}

func (l *lanes) hasRoom(namespace string) bool {
	if l.shaky[namespace] {
		return l.seats[namespace] == 0 && l.fromShaky < shakyLane && l.slow < slowLane
	}
	return l.seats[namespace] < perNamespace && l.quick < quickLane
}

func (l *lanes) take(namespace string) *seat {
	shaky := l.shaky[namespace]
	l.seats[namespace]++
	if shaky {
		l.slow++
		l.fromShaky++
	} else {
		l.quick++
	}
	return &seat{namespace: namespace, slow: shaky, shaky: shaky}
}

// callParked calls whom there is a seat for, and keeps it for them.
func (l *lanes) callParked() {
	for namespace := range l.shaky {
		if l.fromShaky == shakyLane {
			break
		}
		l.callFrom(namespace)
	}
	for namespace := range l.parked {
		if l.quick == quickLane {
			return
		}
		l.callFrom(namespace)
	}
}

func (l *lanes) callFrom(namespace string) {
	for len(l.parked[namespace]) > 0 && l.hasRoom(namespace) {
		app := l.parked[namespace][0]
		l.parked[namespace] = l.parked[namespace][1:]
		delete(l.isParked, app)
		l.called[app] = l.take(namespace)
		l.call(app)
	}
	if len(l.parked[namespace]) == 0 {
		delete(l.parked, namespace)
	}
}

func (l *lanes) init() {
	if l.seats == nil {
		l.seats, l.shaky, l.isParked = map[string]int{}, map[string]bool{}, map[route.Ref]bool{}
		l.parked, l.called = map[string][]route.Ref{}, map[route.Ref]*seat{}
	}
}
