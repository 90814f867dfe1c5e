package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"mime"
	"net/http"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-logr/logr"
	admissionv1 "k8s.io/api/admission/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// Reviews serves AdmissionReviews of admission.k8s.io/v1. It stands in for controller-runtime's reading of them, which
// goes over each byte four times and takes half of what a whole answer may (ADR 14); the handler is called by
// controller-runtime, which answers for a panic.
func Reviews(h admission.Handler) http.Handler {
	return &reviews{admission.Webhook{Handler: h, LogConstructor: func(base logr.Logger, _ *admission.Request) logr.Logger { return base }}}
}

type reviews struct{ handler admission.Webhook }

// ServeHTTP implements http.Handler. What is no review gets an answer that says so, too: of an error code the API server
// tells its user little.
func (v *reviews) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	var resp admission.Response
	if req, err := read(r); err != nil {
		resp = admission.Errored(http.StatusBadRequest, fmt.Errorf("aviary can't read the review: %w", err))
	} else {
		resp = v.handle(r.Context(), req)
	}
	answer := admissionv1.AdmissionReview{Response: &resp.AdmissionResponse}
	answer.SetGroupVersionKind(admissionv1.SchemeGroupVersion.WithKind(reviewKind))
	w.Header().Set("Content-Type", contentType)
	if err := json.NewEncoder(w).Encode(answer); err != nil {
		ctrl.LoggerFrom(r.Context()).V(1).Info("answer not written", "reason", err.Error())
	}
}

func (v *reviews) handle(ctx context.Context, req *admissionv1.AdmissionRequest) admission.Response {
	return v.handler.Handle(ctx, admission.Request{AdmissionRequest: *req})
}

const (
	contentType = "application/json"
	reviewKind  = "AdmissionReview"
)

func read(r *http.Request) (*admissionv1.AdmissionRequest, error) {
	if got, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || got != contentType {
		return nil, fmt.Errorf("its Content-Type is %q, must be %s", r.Header.Get("Content-Type"), contentType)
	}
	body := bodies.Get().(*bytes.Buffer)
	defer func() {
		if body.Cap() <= keptBody {
			body.Reset()
			bodies.Put(body)
		}
	}()
	if _, err := body.ReadFrom(r.Body); err != nil {
		return nil, err
	}
	var review admissionv1.AdmissionReview
	if err := jsonv2.Unmarshal(body.Bytes(), &review); err != nil {
		return nil, err
	}
	if want := admissionv1.SchemeGroupVersion.WithKind(reviewKind); review.GroupVersionKind() != want {
		return nil, fmt.Errorf("it is %s of %s, must be %s of %s", review.Kind, review.APIVersion, want.Kind, want.GroupVersion())
	}
	if review.Request == nil {
		return nil, errors.New("it has no request")
	}
	return review.Request, nil
}

// bodies are read into buffers that are used again; decoding copies what it keeps. One that a large body has grown is
// left to the collector.
var bodies = sync.Pool{New: func() any { return &bytes.Buffer{} }}

const keptBody = 256 << 10 // bytes
