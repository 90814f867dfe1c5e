package webhook

import (
	"context"
	"net/http"
	"reflect"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	admissionv1 "k8s.io/api/admission/v1"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/policy"
)

// Buckets reach from what an empty webhook needs to far beyond a time-out, in seconds: a tail that no bucket shows is a
// tail that nobody sees.
var buckets = []float64{.0005, .001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

var (
	requests = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_admission_requests_total", Help: "Requests that were judged, by kind, operation and verdict (allow, warn, deny, error).",
	}, []string{"kind", "operation", "verdict"})
	found = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_admission_findings_total", Help: "Findings of requests, by rule and mode in force.",
	}, []string{"rule", "mode"})
	seconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "aviary_admission_seconds", Help: "Time from a request's headers to the end of the answer, by webhook (mutate, validate).", Buckets: buckets,
	}, []string{"webhook"})
	evaluation = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "aviary_evaluation_seconds", Help: "Time of one judgement by all rules, by where its facts came from (cache, live).", Buckets: buckets,
	}, []string{"facts"})
	liveReads = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_live_reads_total", Help: "Reads from the API server while judging, by verb (get, list) and type read.",
	}, []string{"verb", "type"})
	overrides = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_overrides_total", Help: "Denials that an override turned into warnings, by rule.",
	}, []string{"rule"})
	exceptions = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_exceptions_total", Help: "Findings of requests that an exception of the configuration silenced, by rule.",
	}, []string{"rule"})
)

func init() { //nolint:gochecknoinits // because metrics are the process's.
	metrics.Registry.MustRegister(requests, found, seconds, evaluation, liveReads, overrides, exceptions)
}

// Timed measures whole requests of a webhook, reading and answering included.
func Timed(name string, h http.Handler) http.Handler {
	return promhttp.InstrumentHandlerDuration(seconds.MustCurryWith(prometheus.Labels{"webhook": name}), h)
}

// observe counts one answer of Validate. All label values come from small fixed sets: kinds and operations are those of
// the webhook configurations' rules.
func observe(req *admissionv1.AdmissionRequest, resp admission.Response) {
	verdict := "allow"
	switch {
	case !resp.Allowed && resp.Result != nil && resp.Result.Reason == "Invalid":
		verdict = "deny"
	case !resp.Allowed, resp.AuditAnnotations[unjudgedKey] != "":
		verdict = "error"
	case len(resp.Warnings) > 0:
		verdict = "warn"
	}
	kind := req.Kind.Kind
	if _, ok := judged[kind]; !ok {
		kind = "other"
	}
	operation := string(req.Operation)
	switch req.Operation {
	case admissionv1.Create, admissionv1.Update, admissionv1.Delete:
	default:
		operation = "other"
	}
	requests.WithLabelValues(kind, operation, verdict).Inc()
}

var judged = map[string]struct{}{
	"Deployment": {}, "StatefulSet": {}, "Scale": {}, "Service": {}, "RouteTable": {}, "VirtualService": {}, "Upstream": {}, "UpstreamGroup": {},
}

func count(findings []policy.Finding) {
	for _, f := range findings {
		found.WithLabelValues(f.Rule, f.Mode.String()).Inc()
		if f.Exception != "" {
			exceptions.WithLabelValues(f.Rule).Inc()
		}
	}
}

// counting counts the reads that go through it.
type counting struct{ client.Reader }

func (c counting) Get(ctx context.Context, key client.ObjectKey, into client.Object, options ...client.GetOption) error {
	liveReads.WithLabelValues("get", typeOf(into)).Inc()
	return c.Reader.Get(ctx, key, into, options...)
}

func (c counting) List(ctx context.Context, into client.ObjectList, options ...client.ListOption) error {
	liveReads.WithLabelValues("list", typeOf(into)).Inc()
	return c.Reader.List(ctx, into, options...)
}

func typeOf(o any) string { return reflect.TypeOf(o).Elem().Name() }
