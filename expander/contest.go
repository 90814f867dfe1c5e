package expander

import (
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/fact"
	"aviary.dev/joined"
	"aviary.dev/pace"
	"aviary.dev/route"
)

const (
	// promptly is how often in a row one object is put back at once, and restWrite how long it then takes each time.
	promptly, restWrite = 10, time.Second
	// restTold is how long the same is not told again of one object, restContested how long that it is contested.
	restTold, restContested = time.Minute, 10 * time.Minute
)

// contests keeps those who write what Aviary puts back, many times a second, from having it write as often. It goes by
// object: of one that is left alone for a moment nothing is late, whatever happens to the app's others.
type contests struct {
	writes, contested *pace.Pace[route.ID]
	told              *pace.Pace[telling]
}

// telling is what is told of one object.
type telling struct {
	route.ID
	reason, action string
}

func newContests() contests {
	return contests{
		pace.New[route.ID](restWrite, promptly), pace.New[route.ID](restContested, 1), pace.New[telling](restTold, 1),
	}
}

// contested is an object that others write again and again, and that is left as it is for a while.
type contested struct {
	id   route.ID
	wait time.Duration
}

func (c *contested) Error() string {
	return fmt.Sprintf("%s/%s is written by others again and again", c.id.Kind, c.id.Name)
}

// contest returns an error while an object must not be written.
func (e *Expander) contest(id route.ID) error {
	if wait := e.contests.writes.Wait(id, e.Now()); wait > 0 {
		return &contested{id, wait}
	}
	return nil
}

// Contested reports whether others are about to write an object again and again, and Aviary to put it back.
func (e *Expander) Contested(id route.ID) bool { return e.contests.writes.Busy(id, e.Now()) }

// isContested reports whether an error tells of nothing but contested objects, and when the first may be written.
func isContested(err error) (wait time.Duration, is bool) {
	for _, one := range joined.Errors(err) {
		c, ok := errors.AsType[*contested](one)
		if !ok {
			return 0, false
		}
		wait, is = sooner(wait, c.wait), true
	}
	return wait, is
}

// putBack counts a write, or a deletion, that somebody else's write called for.
func (e *Expander) putBack(id route.ID) { e.contests.writes.Take(id, e.Now()) }

// tellPutBack says of an object that was put back, as it is now, what had been done to it. Where that goes on and on it
// says so in place of that, and who did it as far as the object tells.
func (e *Expander) tellPutBack(app route.Ref, id route.ID, now client.Object, action, done, by string) {
	if e.contests.writes.Wait(id, e.Now()) == 0 {
		if done != "" {
			e.tell(id, now, corev1.EventTypeNormal, "Restored", action, done)
		}
		return
	}
	if e.contests.contested.Take(id, e.Now()) {
		e.Events.Eventf(now, nil, corev1.EventTypeWarning, "Contested", action,
			"somebody writes or deletes this again and again%s; app %s needs it as it was, so Aviary puts it back, "+
				"but no more than once in %s while this lasts", by, app.Name, restWrite)
	}
}

// tell writes an Event about an object, unless it did so a moment ago: client-go folds only those about one revision.
func (e *Expander) tell(id route.ID, o client.Object, kind, reason, action, text string) {
	if e.contests.told.Take(telling{id, reason, action}, e.Now()) {
		e.Events.Eventf(o, nil, kind, reason, action, "%s", text)
	}
}

// lastBy says by what others wrote the object last, as they name it.
func lastBy(o client.Object) string {
	var last time.Time
	name := ""
	for _, f := range o.GetManagedFields() {
		if f.Manager != fact.FieldManager && f.Subresource == "" && f.Time != nil && !f.Time.Time.Before(last) {
			last, name = f.Time.Time, f.Manager
		}
	}
	if name == "" {
		return ""
	}
	return fmt.Sprintf(" (by %q)", name)
}
