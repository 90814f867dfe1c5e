package inventory

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/client-go/rest"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// odd is an API server whose one Upstream no type can hold.
func odd(t *testing.T) Cluster {
	t.Helper()
	const object = `{"apiVersion": "gloo.solo.io/v1", "kind": "Upstream", "metadata": {"namespace": "n", "name": "echo",
"uid": "u"},
 "spec": {"kube": {"servicePort": "eighty"}}}`
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		switch {
		case strings.HasSuffix(r.URL.Path, "/namespaces/n/upstreams/echo"):
			_, _ = fmt.Fprint(w, object)
		case strings.HasSuffix(r.URL.Path, "/namespaces/n/upstreams"):
			_, _ = fmt.Fprintf(w, `{"apiVersion": "gloo.solo.io/v1", "kind": "UpstreamList", "metadata": {}, "items": [%s]}`,
				object)
		default:
			w.WriteHeader(http.StatusNotFound)
			_, _ = fmt.Fprint(w,
				`{"apiVersion": "v1", "kind": "Status", "status": "Failure", "reason": "NotFound", "code": 404}`)
		}
	}))
	t.Cleanup(server.Close)
	config := &rest.Config{Host: server.URL, ContentConfig: rest.ContentConfig{ContentType: "application/json"}}
	c, err := NewCluster(config, glootest.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// A live look-up, too, sees an object whose content can't be read without that.
func TestLiveIsLenient(t *testing.T) {
	t.Parallel()
	id := route.ID{GroupKind: gloo.UpstreamKind.GroupKind(), Ref: route.Ref{Namespace: "n", Name: "echo"}}
	before := Unreadable()
	for what, ask := range map[string]func(*Live) (*fact.Backend, error){
		"get": func(l *Live) (*fact.Backend, error) { return l.Backend(t.Context(), id) },
		"list": func(l *Live) (*fact.Backend, error) {
			if _, err := l.BackendsInto(t.Context(), "n"); err != nil {
				return nil, err
			}
			return l.Backend(t.Context(), id)
		},
	} {
		got, err := ask(NewLive(odd(t), glootest.Kinds(), NewStore()))
		if err != nil || got == nil || got.ID != id || got.UID != "u" || got.Pods {
			t.Errorf("%s: must be there without content: %+v, %v", what, got, err)
		}
	}
	if Unreadable() == before {
		t.Error("nothing was counted")
	}
}

// What is not there is an answer; what the server says otherwise is an error.
func TestClusterNotFound(t *testing.T) {
	t.Parallel()
	live := NewLive(odd(t), glootest.Kinds(), NewStore())
	if s, err := live.Service(t.Context(), route.Ref{Namespace: "n", Name: "gone"}); s != nil || err != nil {
		t.Errorf("a missing Service = %v, %v", s, err)
	}
	err := odd(t).List(t.Context(), &gloo.RouteTableList{}, ListOptions{Namespace: "n"})
	if !apierrors.IsNotFound(err) {
		t.Errorf("a kind that is not served: %v", err)
	}
}
