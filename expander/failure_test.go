package expander

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// answer is what the API server says with a code.
func answer(code int32, message string) error {
	return &apierrors.StatusError{ErrStatus: metav1.Status{Status: metav1.StatusFailure, Code: code, Message: message}}
}

// failedCalling is how the API server begins to tell of a webhook that gave no answer.
const failedCalling = `Internal error occurred: failed calling webhook "labels": failed to call webhook: `

func TestExplain(t *testing.T) {
	t.Parallel()
	late := apierrors.NewGenericServerResponse(http.StatusRequestTimeout, "post", services, "echo", "no", 1, true)
	hangs := &url.Error{Op: "Put", URL: "https://10.0.0.1/apis", Err: context.DeadlineExceeded}
	for name, c := range map[string]struct {
		err    error
		reason string
		phrase string
	}{
		"NoKind": {&meta.NoKindMatchError{}, notServed, "the cluster does not serve the kind"},
		"NoRight": {
			apierrors.NewForbidden(services, "echo", errors.New("no")), forbidden, `services "echo" is forbidden: no`,
		},
		"Policy": {
			answer(422, `services "echo" is forbidden: ValidatingAdmissionPolicy 'no-tables' with binding 'b' denied request: `+
				`a Service says its team`),
			refused, "policy no-tables refuses: a Service says its team",
		},
		"PolicyAs403": { // a policy may say so
			answer(403, `it is forbidden: ValidatingAdmissionPolicy 'no-tables' with binding 'b' denied request: no`),
			refused, "policy no-tables refuses: no",
		},
		"Webhook": {denied(), refused, "webhook labels refuses: no team"},
		"WebhookSilent": {
			answer(400, `admission webhook "labels" denied the request without explanation`), refused,
			"webhook labels refuses: ",
		},
		"WebhookBroken": {
			answer(500, failedCalling+`an error on the server ("") has prevented the request from succeeding`),
			unavailable, `webhook labels fails: an error on the server ("") has prevented the request from succeeding`,
		},
		"WebhookHangs": {
			answer(500, failedCalling+`Post "https://labels.x.svc:443/v?timeout=2s": context deadline exceeded`),
			timedOut, "webhook labels does not answer in time",
		},
		"WebhookReset": {
			answer(500, failedCalling+`Post "https://labels.x.svc:443/v": `+
				`read tcp 10.1.2.3:41234->10.2.3.4:443: read: connection reset by peer`),
			unavailable, `webhook labels fails: Post "https://labels.x.svc:443/v": ` +
				`read tcp 10.2.3.4:443: read: connection reset by peer`,
		},
		"Invalid": {
			apierrors.NewInvalid(schema.GroupKind{Kind: "Service"}, "echo", nil), refused, `Service "echo" is invalid`,
		},
		"TooLarge": {
			apierrors.NewRequestEntityTooLargeError("limit is 3145728"), tooLarge,
			"Request entity too large: limit is 3145728",
		},
		"TooLargeEtcd": {answer(500, "etcdserver: request is too large"), tooLarge, "etcdserver: request is too large"},
		"Gone":         {apierrors.NewNotFound(services, "echo"), unavailable, `services "echo" not found`},
		"Conflict":     {conflicts(), conflict, "somebody else writes it all the time"},
		"Exists": {
			apierrors.NewAlreadyExists(services, "echo"), conflict,
			`somebody else writes it all the time: services "echo" already exists`,
		},
		"TooMany":      {apierrors.NewTooManyRequests("no", 1), unavailable, "no"},
		"Late":         {late, unavailable, "the server responded with the status code 408"},
		"LateServer":   {answer(504, "no answer from etcd"), timedOut, "no answer from etcd"},
		"BrokenServer": {apierrors.NewInternalError(errors.New("no")), unavailable, "Internal error occurred: no"},
		"NoAnswer": {
			errors.New("dial tcp: connection refused"), unavailable,
			"the API server can't be reached: dial tcp: connection refused",
		},
		"Hangs": {hangs, timedOut, "no answer within 3s; the API server hangs, or a webhook that it asks"},
		"Held":  {held{[]string{"a/b"}}, terminating, "it is being deleted, and waits for the finalizer a/b"},
		"Going": {held{}, terminating, "it is being deleted"},
	} {
		f := &failure{route.ID{GroupKind: fact.ServiceKind, Ref: echo}, "create", c.err}
		reason, phrase := f.explain()
		if reason != c.reason || !strings.HasPrefix(phrase, c.phrase) {
			t.Errorf("%s: got %s, %q; want %s, %q", name, reason, phrase, c.reason, c.phrase)
		}
	}
}

// What failed first is what is told; what has no sibling is told of the table, which is what people wait for.
func TestFailureOf(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	service := &failure{route.ID{GroupKind: fact.ServiceKind, Ref: echo}, "create", denied()}
	other := &failure{c.Kinds.Table(echo), "delete", errors.New("no")}
	for name, tc := range map[string]struct {
		err  error
		want string
	}{
		"One":    {service, "create Service/echo: "},
		"Joined": {errors.Join(fmt.Errorf("anything"), service, other), "create Service/echo: "},
		"None":   {errors.New("no answer"), "get RouteTable/echo-routes: no answer"},
	} {
		if got := c.failureOf(echo, tc.err).Error(); !strings.HasPrefix(got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
