package webhook_test

import (
	"bytes"
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/webhook"
)

const (
	createReview = `{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1","request":{"uid":"u",
"kind":{"group":"apps","version":"v1","kind":"Deployment"},
"resource":{"group":"apps","version":"v1","resource":"deployments"},"requestKind":{"group":"apps","version":"v1",
"kind":"Deployment"},"name":"a","namespace":"n",
"operation":"CREATE","userInfo":{"username":"jane","groups":["g","h"],"extra":{"k":["v"]}},
"object":{"metadata":{"name":"a"},"é":"\u00e9"},"oldObject":null,
"dryRun":false,"options":{"kind":"CreateOptions","apiVersion":"meta.k8s.io/v1"}}}`
	deleteReview = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"operation":"DELETE",
"object":null,"dryRun":true,
"oldObject": {"metadata": {"name": "a"}} ,"subResource":"scale","uid":"u"}}`
	bareReview = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"operation":"CONNECT",
"uid":"u"}}`
)

// TestReviewsReadAsControllerRuntime reads what an API server sends in both ways.
func TestReviewsReadAsControllerRuntime(t *testing.T) {
	t.Parallel()
	for _, body := range []string{createReview, deleteReview, bareReview} {
		var got [2]admission.Request
		for i := range got {
			h := admission.HandlerFunc(func(_ context.Context, req admission.Request) admission.Response {
				got[i] = req
				got[i].Object.Raw, got[i].OldObject.Raw = clone(req.Object), clone(req.OldObject)
				return admission.Allowed("")
			})
			handler := webhook.Reviews(h)
			if i == 1 {
				handler = &admission.Webhook{Handler: h}
			}
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
			r.Header.Set("Content-Type", "application/json")
			handler.ServeHTTP(httptest.NewRecorder(), r)
		}
		if diff := cmp.Diff(got[1], got[0], cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("-controller-runtime +read\n%s", diff)
		}
		for _, o := range []runtime.RawExtension{got[0].Object, got[0].OldObject} {
			if o.Raw != nil && (len(o.Raw) == 0 || string(o.Raw) == "null") {
				t.Errorf("an object that is not must be nil, is %q", o.Raw)
			}
		}
	}
}

// clone keeps what is only the handler's while it runs; nil stays nil.
func clone(o runtime.RawExtension) []byte { return bytes.Clone(o.Raw) }

func TestNoReviews(t *testing.T) {
	t.Parallel()
	h := webhook.Reviews(admission.HandlerFunc(func(context.Context, admission.Request) admission.Response {
		t.Error("the handler was called")
		return admission.Allowed("")
	}))
	for name, c := range map[string]struct{ body, content, want string }{
		"nothing":      {"", "application/json", "EOF"},
		"no JSON":      {"weights sum to 90", "application/json", "invalid character 'w'"},
		"another type": {createReview, "text/plain", `its Content-Type is "text/plain", must be application/json`},
		"v1beta1": {
			strings.Replace(createReview, "k8s.io/v1", "k8s.io/v1beta1", 1), "application/json",
			"it is AdmissionReview of admission.k8s.io/v1beta1, must be AdmissionReview of admission.k8s.io/v1",
		},
		"no request": {
			`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":null}`, "application/json",
			"it has no request",
		},
		"a key twice": {strings.Replace(createReview, `"uid":"u"`, `"uid":"u",
"uid":"v"`, 1), "application/json", `duplicate object member name "uid"`},
		"an object of 2": {strings.Replace(createReview, `"é"`, `"metadata":{},
"é"`, 1), "application/json", `duplicate object member name "metadata"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body))
			r.Header.Set("Content-Type", c.content)
			h.ServeHTTP(w, r)
			text := strings.ReplaceAll(w.Body.String(), `\"`, `"`)
			if !strings.Contains(text, c.want) || !strings.Contains(text, `"allowed":false`) ||
				!strings.Contains(text, "aviary can't read the review: ") {
				t.Errorf("the answer must refuse with %q, is %s", c.want, text)
			}
		})
	}
}
