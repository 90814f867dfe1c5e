package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path"
	"strings"
	"testing"

	admission "k8s.io/client-go/kubernetes/typed/admissionregistration/v1"
	"k8s.io/client-go/rest"

	"aviary.dev/convention"
)

// TestLabelKeyCheck: a replica is unready for what the configurations say, and not for an API
// server that is away.
func TestLabelKeyCheck(t *testing.T) {
	t.Parallel()
	const same, other = "app=app,version=version,apiGroup=apiGroup", "app=app,version=release,apiGroup=apiGroup"
	const away, none = "away", "none"
	said := map[string]string{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch keys := said[path.Base(path.Dir(r.URL.Path))]; keys {
		case away:
			w.WriteHeader(http.StatusServiceUnavailable)
		case none:
			w.WriteHeader(http.StatusNotFound)
			_, _ = fmt.Fprint(w, `{"kind":"Status","apiVersion":"v1","status":"Failure","reason":"NotFound","code":404}`)
		default:
			_, _ = fmt.Fprintf(w, `{"metadata":{"name":"aviary","annotations":{"aviary.dev/label-keys":%q}}}`, keys)
		}
	}))
	defer server.Close()
	client, err := admission.NewForConfig(&rest.Config{Host: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	c := &labelKeyCheck{client: client, keys: convention.DefaultLabelKeys()}
	for _, step := range []struct {
		when, mutating, validating string
		ready                      bool
		says                       string
	}{
		{"nothing was read ever", away, away, false, "not been read yet"},
		{"one was not read ever", same, away, false, "not been read yet"},
		{"both say the same", same, same, true, ""},
		{"the API server is away", away, away, true, ""},
		{"one read fails", same, away, true, ""},
		{"one differs beside a failed read", away, other, false, `rendered for label keys "app=app,version=release`},
		{"the API server is away after they differed", away, away, false, "rendered for label keys"},
		{"there are none", none, none, true, ""},
		{"one differs", other, same, false, "MutatingWebhookConfiguration"},
	} {
		said["mutatingwebhookconfigurations"], said["validatingwebhookconfigurations"] = step.mutating, step.validating
		c.look(t.Context())
		err := c.ready(nil)
		if (err == nil) != step.ready || err != nil && !strings.Contains(err.Error(), step.says) {
			t.Errorf("%s: got %v, want %q", step.when, err, step.says)
		}
	}
}
