package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/go-logr/logr"
	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// Reviews serves AdmissionReviews of admission.k8s.io/v1. It stands in for controller-runtime's
// reading of them, which goes over each byte four times and takes half of what a whole answer may
// (ADR 14); the handler is called by controller-runtime, which answers for a panic.
func Reviews(h admission.Handler) http.Handler {
	log := func(base logr.Logger, _ *admission.Request) logr.Logger { return base }
	return &reviews{admission.Webhook{Handler: h, LogConstructor: log}}
}

type reviews struct{ handler admission.Webhook }

// ServeHTTP implements http.Handler. What is no review gets an answer that says so, too: of an
// error code the API server tells its user little.
func (v *reviews) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body := bodies.Get().(*bytes.Buffer)
	defer func() {
		if body.Cap() <= reusedBody {
			body.Reset()
			bodies.Put(body)
		}
	}()
	var resp admission.Response
	if req, err := read(r, body); err != nil {
		resp = admission.Errored(http.StatusBadRequest, fmt.Errorf("aviary can't read the review: %w", err))
	} else {
		resp = v.handler.Handle(r.Context(), req)
	}
	answer := admissionv1.AdmissionReview{Response: &resp.AdmissionResponse}
	answer.SetGroupVersionKind(admissionv1.SchemeGroupVersion.WithKind(reviewKind))
	w.Header().Set("Content-Type", contentType)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		ctrl.LoggerFrom(r.Context()).V(1).Info("answer not written", "reason", err.Error())
	}
}

const (
	contentType = "application/json"
	reviewKind  = "AdmissionReview"
)

// read returns the request. Its objects are parts of the body's buffer.
func read(r *http.Request, body *bytes.Buffer) (req admission.Request, err error) {
	if got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || got != contentType {
		return req, fmt.Errorf("its Content-Type is %q, must be %s", r.Header.Get("Content-Type"), contentType)
	}
	if _, err := body.ReadFrom(r.Body); err != nil {
		return req, err
	}
	var in review
	if err := jsonv2.Unmarshal(body.Bytes(), &in); err != nil {
		return req, err
	}
	if want := admissionv1.SchemeGroupVersion.WithKind(reviewKind); in.GroupVersionKind() != want {
		return req, fmt.Errorf("it is %s of %s, must be %s of %s",
			in.Kind, in.APIVersion, want.Kind, want.GroupVersion())
	}
	if in.Request == nil {
		return req, errors.New("it has no request")
	}
	req.AdmissionRequest = in.Request.AdmissionRequest
	req.Object.Raw, req.OldObject.Raw = in.Request.Object.of(body), in.Request.OldObject.of(body)
	return req, nil
}

// review is an AdmissionReview whose objects are not copied.
type review struct {
	metav1.TypeMeta `json:",inline"`

	Request *struct {
		admissionv1.AdmissionRequest `json:",inline"`
		Object                       span `json:"object"`
		OldObject                    span `json:"oldObject"`
	} `json:"request"`
}

// span is where in a text a value stands.
type span struct{ begin, end int64 }

// UnmarshalJSONFrom implements jsonv2.UnmarshalerFrom.
func (s *span) UnmarshalJSONFrom(d *jsontext.Decoder) error {
	value, err := d.ReadValue()
	s.end = d.InputOffset()
	s.begin = s.end - int64(len(value))
	return err
}

// of returns the value; nil for null, which the API server sends for an object that is not.
func (s span) of(body *bytes.Buffer) []byte {
	value := body.Bytes()[s.begin:s.end:s.end]
	if len(value) == 0 || string(value) == "null" {
		return nil
	}
	return value
}

// bodies are read into buffers that are used again, once they are answered: what outlives that is
// copied where it is decoded. One that a large body has grown is left to the collector.
var bodies = sync.Pool{New: func() any { return &bytes.Buffer{} }}

const reusedBody = 256 << 10 // bytes
