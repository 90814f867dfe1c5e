package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-logr/logr"
	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
	kubejson "sigs.k8s.io/json"

	"aviary.dev/webhook"
)

// Names and values that a request may have, or nearly has; a byte from 0x80 on in a fuzzed text stands for one of them.
var (
	members = []string{
		"uid", "kind", "resource", "subResource", "requestKind", "requestResource", "requestSubResource", "name", "namespace",
		"operation", "userInfo", "object", "oldObject", "dryRun", "options", "Object", "OLDOBJECT", "Uid", "apiVersion",
		"other", "group", "version", "username", "groups", "extra", "request",
	}
	values = []string{
		`null`, `true`, `1`, `-0`, `1.5`, `1e400`, `12345678901234567890`, `""`, `"a"`, `"\u00e9\n"`, `"é\ud83d\ude00"`,
		`"\ud800"`, "\"\xff\"", "\"\n\"", `{}`, `[]`, `[null]`, `["a", 1]`, `{"a":null}`, `{"a":1,"a":2}`, `{"a":1,"A":2}`,
		`{"":[{}]}`, `{"kind":"K","group":null}`,
		`{"username":"jane","groups":["g",null],"extra":{"k":["v"],"K":null}}`, `{"raw":"YQ=="}`,
	}
)

const reviewOf = `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":`

// FuzzReview reads a body in Aviary's way and in controller-runtime's. Either both refuse it, or both read the same
// request, whose objects are those that encoding/json finds in the body. Aviary refuses more; [stricter] says what.
func FuzzReview(f *testing.F) {
	f.Add([]byte(createReview))
	f.Add([]byte(deleteReview))
	f.Add([]byte(reviewOf + `{"object":{},"object":{}}}`))
	f.Add([]byte(reviewOf + `{}} {}`))
	f.Add([]byte(reviewOf + `{},"response":{"uid":"u"}}`))
	f.Add([]byte(`{"apiVersion":"admission.k8s.io/v1beta1","kind":"AdmissionReview","request":{}}`))
	f.Add([]byte(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","Request":{}}`))
	f.Add([]byte("apiVersion: admission.k8s.io/v1\nkind: AdmissionReview\nrequest: {uid: u}\n"))
	for i := range 8 {
		b := byte(i)
		f.Add([]byte(reviewOf + "{" + string([]byte{0x80 + b, ':', 0xa0 + b, ',', 0x8b - b, ':', 0xb0 + b}) + "}}"))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		compare(t, text)
		compare(t, spell(text))
	})
}

// TestReviewOfOneMember does so with each value as the request, and as each member of it.
func TestReviewOfOneMember(t *testing.T) {
	t.Parallel()
	for _, value := range values {
		compare(t, []byte(reviewOf+value+"}"))
		for _, name := range members {
			compare(t, []byte(reviewOf+`{"`+name+`": `+value+` }}`))
		}
	}
}

// spell puts names and values in the place of the bytes that stand for them, so that more of what is fuzzed is JSON.
func spell(text []byte) []byte {
	var out []byte
	for _, b := range text {
		switch n := int(b) - 0x80; {
		case n < 0:
			out = append(out, b)
		case n < len(members):
			out = strconv.AppendQuote(out, members[n])
		default:
			out = append(out, values[(n-len(members))%len(values)]...)
		}
	}
	return out
}

func compare(t *testing.T, body []byte) {
	t.Helper()
	got := readWith(body, webhook.Reviews)
	want := readWith(body, func(h admission.Handler) http.Handler {
		quiet := func(logr.Logger, *admission.Request) logr.Logger { return logr.Discard() }
		return &admission.Webhook{Handler: h, LogConstructor: quiet}
	})
	switch {
	case got == nil && want != nil && !stricter(t, body):
		t.Errorf("%q is refused, and controller-runtime reads %+v", body, want)
	case got == nil:
	case want == nil:
		t.Errorf("%q is read as %+v, and controller-runtime refuses it", body, got)
	default:
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: -controller-runtime +read\n%s", body, diff)
		}
		checkObjects(t, body, got)
	}
}

// readWith returns the request that a webhook reads from a body; nil if it refuses it.
func readWith(body []byte, serve func(admission.Handler) http.Handler) (got *admission.Request) {
	h := serve(admission.HandlerFunc(func(_ context.Context, req admission.Request) admission.Response {
		got = &req
		got.Object.Raw, got.OldObject.Raw = clone(req.Object), clone(req.OldObject)
		return admission.Allowed("")
	}))
	r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	h.ServeHTTP(httptest.NewRecorder(), r)
	return got
}

// stricter reports whether a body is one that Aviary alone refuses:
//   - It is no JSON. Controller-runtime reads YAML, too.
//   - A name stands twice in one object. Controller-runtime takes the last.
//   - It is not UTF-8, or has half a surrogate pair. Controller-runtime reads replacement characters.
//   - It is no AdmissionReview of admission.k8s.io/v1. Controller-runtime reads any kind as one.
//   - It has no request. Controller-runtime reads an empty one.
//
// Both take names as they are written: "Object" is not "object".
func stricter(t *testing.T, body []byte) bool {
	t.Helper()
	if !jsontext.Value(body).IsValid() {
		return true
	}
	var review struct {
		metav1.TypeMeta `json:",inline"`
		Request         json.RawMessage `json:"request"`
	}
	if err := kubejson.UnmarshalCaseSensitivePreserveInts(body, &review); err != nil {
		t.Fatal(err)
	}
	return review.APIVersion != "admission.k8s.io/v1" || review.Kind != "AdmissionReview" ||
		review.Request == nil || string(review.Request) == "null"
}

// checkObjects compares the objects with those that encoding/json finds in the body.
func checkObjects(t *testing.T, body []byte, got *admission.Request) {
	t.Helper()
	var review, request map[string]json.RawMessage // whose keys are not taken for others of another case
	if err := json.Unmarshal(body, &review); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(review["request"], &request); err != nil {
		t.Fatal(err)
	}
	for name, raw := range map[string][]byte{
		"object": got.Object.Raw, "oldObject": got.OldObject.Raw, "options": got.Options.Raw,
	} {
		is, must := decode(t, raw), decode(t, request[name])
		if diff := cmp.Diff(must, is); diff != "" {
			t.Errorf("%s (-must be +is):\n%s", name, diff)
		}
	}
}

// decode reads JSON, with numbers as they are written; nothing is null.
func decode(t *testing.T, text []byte) (value any) {
	t.Helper()
	if len(text) == 0 {
		return nil
	}
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&value); err != nil {
		t.Errorf("%v: %q", err, text)
	}
	return value
}
