package expander

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/inventory"
	"aviary.dev/joined"
	"aviary.dev/route"
)

// failure is a sibling that could not be written, or not be read for it.
type failure struct {
	id route.ID
	// verb is what failed: get, create, update or delete.
	verb string
	err  error
}

func (f *failure) Error() string {
	return fmt.Sprintf("%s %s/%s: %v", f.verb, f.id.Kind, f.id.Name, f.err)
}

func (f *failure) Unwrap() error { return f.err }

// failureOf returns the first failure in an error. Whatever else fails is read for the sake of the app's table.
func (e *Expander) failureOf(app route.Ref, err error) *failure {
	all := joined.Errors(err)
	for _, one := range all {
		if f, ok := errors.AsType[*failure](one); ok {
			return f
		}
	}
	return &failure{e.Kinds.Table(app), "get", all[0]}
}

// The reasons why a sibling can't be written: labels of a metric, and in the actions of Events.
const (
	notServed   = "NotServed"
	forbidden   = "Forbidden"
	refused     = "Refused"
	tooLarge    = "TooLarge"
	conflict    = "Conflict"
	terminating = "Terminating"
	timedOut    = "TimedOut"
	unavailable = "Unavailable"
)

// held is a sibling that is being deleted, and not gone because of a finalizer.
type held struct{ finalizers []string }

func (h held) Error() string {
	if len(h.finalizers) == 0 {
		return "it is being deleted"
	}
	return "it is being deleted, and waits for the finalizer " + strings.Join(h.finalizers, ", ")
}

// stillGoing returns why a sibling that is being deleted can't be written.
func stillGoing(id route.ID, o client.Object) error {
	return &failure{id, "update", held{o.GetFinalizers()}}
}

// explain says why a sibling can't be written, in one word and in a phrase.
func (f *failure) explain() (reason, phrase string) {
	status, isStatus := errors.AsType[*apierrors.StatusError](f.err)
	switch _, goes := errors.AsType[held](f.err); {
	case goes:
		return terminating, f.err.Error()
	case errors.Is(f.err, context.DeadlineExceeded):
		return timedOut, fmt.Sprintf("no answer within %s; the API server hangs, or a webhook that it asks", requestTime)
	case inventory.NotServed(f.err):
		return notServed, "the cluster does not serve the kind"
	case !isStatus:
		return unavailable, "the API server can't be reached: " + withoutOwnEnd(f.err.Error())
	}
	message := status.ErrStatus.Message
	if reason, phrase = byAdmission(message); reason != "" {
		return reason, phrase
	}
	switch code := status.ErrStatus.Code; {
	case tooLargeFor(code, message):
		return tooLarge, message
	case code == http.StatusConflict:
		return conflict, "somebody else writes it all the time: " + message
	case code == http.StatusForbidden:
		return forbidden, message
	case code == http.StatusNotFound, code == http.StatusRequestTimeout, code == http.StatusTooManyRequests:
		return unavailable, message
	case code >= http.StatusBadRequest && code < http.StatusInternalServerError:
		return refused, message
	case code == http.StatusGatewayTimeout:
		return timedOut, message
	}
	return unavailable, withoutOwnEnd(message)
}

// tooLargeFor reports whether the API server or etcd find the object too large; etcd's answer arrives as code 500.
func tooLargeFor(code int32, message string) bool {
	return code == http.StatusRequestEntityTooLarge || strings.Contains(message, "request is too large") ||
		strings.Contains(message, "larger than max")
}

// What the API server says of admission by others.
var (
	deniedByPolicy  = regexp.MustCompile(`(?s)AdmissionPolicy '([^']+)' with binding '[^']+' denied request: (.*)`)
	deniedByWebhook = regexp.MustCompile(`(?s)admission webhook "([^"]+)" denied the request(?:: (.*)| without)`)
	failedWebhook   = regexp.MustCompile(`(?s)failed calling webhook "([^"]+)": (?:failed to call webhook: )?(.*)`)
)

// byAdmission explains what another webhook or policy did; empty if none did.
func byAdmission(message string) (reason, phrase string) {
	if m := deniedByPolicy.FindStringSubmatch(message); m != nil {
		return refused, "policy " + m[1] + " refuses: " + m[2]
	}
	if m := deniedByWebhook.FindStringSubmatch(message); m != nil {
		return refused, "webhook " + m[1] + " refuses: " + m[2]
	}
	m := failedWebhook.FindStringSubmatch(message)
	switch {
	case m == nil:
		return "", ""
	case strings.Contains(m[2], "deadline exceeded"), strings.Contains(m[2], "imeout"):
		return timedOut, "webhook " + m[1] + " does not answer in time"
	}
	return unavailable, "webhook " + m[1] + " fails: " + withoutOwnEnd(m[2])
}

// ownEnd is the end of a connection that is another one at each try, so that the text would be another one, too.
var ownEnd = regexp.MustCompile(`(\d+\.\d+\.\d+\.\d+|\[[0-9a-f:]+\]):\d+->`)

func withoutOwnEnd(text string) string { return ownEnd.ReplaceAllString(text, "") }

// hasty reports whether what failed for the reason may succeed at once, without anybody's help.
func hasty(reason string) bool { return reason == unavailable || reason == conflict }
