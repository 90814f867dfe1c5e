package webhook

import (
	"context"
	"net/http"
	"reflect"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/dialect"
	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// Buckets reach from what an empty webhook needs to far beyond a time-out, in seconds: a tail that
// no bucket shows is a tail that nobody sees.
var buckets = []float64{.0005, .001, .002, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

var (
	requests = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_admission_requests_total",
		Help: "Admission requests, by kind, operation and verdict (allow, warn, deny, error).",
	}, []string{"kind", "operation", "verdict"})
	found = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_admission_findings_total",
		Help: "Findings about admission requests, by rule and mode in force.",
	}, []string{"rule", "mode"})
	seconds = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "aviary_admission_seconds", Buckets: buckets,
		Help: "Duration of an admission request, from its headers to the end of the response, by webhook (mutate, validate).",
	}, []string{"webhook"})
	evaluation = prometheus.NewHistogramVec(prometheus.HistogramOpts{
		Name: "aviary_evaluation_seconds", Buckets: buckets,
		Help: "Duration of one evaluation of all rules, by the source of its facts (cache, live).",
	}, []string{"facts"})
	liveReads = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_live_reads_total",
		Help: "Reads from the API server during admission, by verb (get, list) and type read.",
	}, []string{"verb", "type"})
	overrides = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_overrides_total",
		Help: "Denials that an override turned into warnings, by rule.",
	}, []string{"rule"})
	waits = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_waits_total",
		Help: "Requests that would be refused only because their app's table lags behind, by how that ended: the table " +
			"followed (in_step), it did not in time (timeout), too many waited already (full).",
	}, []string{"ended"})
	waitSeconds = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "aviary_wait_seconds", Buckets: buckets,
		Help: "Time that requests waited for their app's table.",
	})
	exceptions = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_exceptions_total",
		Help: "Findings about admission requests that an exception of the configuration lowered to audit, by rule.",
	}, []string{"rule"})
)

// Collectors returns the metrics of both webhooks. Before the first wait there are zeros to be seen.
func Collectors() []prometheus.Collector {
	for _, result := range []string{waitInStep, waitTimeout, waitFull} {
		waits.WithLabelValues(result)
	}
	return []prometheus.Collector{
		requests, found, seconds, evaluation, liveReads, overrides, exceptions, waits, waitSeconds,
	}
}

// Timed measures whole requests of a webhook, reading and answering included.
func Timed(name string, h http.Handler) http.Handler {
	return promhttp.InstrumentHandlerDuration(seconds.MustCurryWith(prometheus.Labels{"webhook": name}), h)
}

// observe counts one answer of Validate. All label values come from small fixed sets.
func observe(kinds *dialect.Kinds, req *admissionv1.AdmissionRequest, resp admission.Response) {
	verdict := "allow"
	switch {
	case !resp.Allowed && resp.Result != nil && resp.Result.Reason == "Invalid":
		verdict = "deny"
	case !resp.Allowed, resp.AuditAnnotations[unjudgedKey] != "":
		verdict = "error"
	case len(resp.Warnings) > 0:
		verdict = "warn"
	}
	operation := string(req.Operation)
	switch req.Operation {
	case admissionv1.Create, admissionv1.Update, admissionv1.Delete:
	default:
		operation = "other"
	}
	requests.WithLabelValues(kindLabel(kinds, req), operation, verdict).Inc()
}

// kindLabel returns the kind of a request if it is one that is judged.
func kindLabel(kinds *dialect.Kinds, req *admissionv1.AdmissionRequest) string {
	kind := kinds.Of(kindOf(req))
	if req.Kind.Kind == "Scale" || kind != nil && kind.Role != dialect.Namespace {
		return req.Kind.Kind
	}
	return "other"
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
type counting struct{ inventory.Cluster }

func (c counting) Get(ctx context.Context, key types.NamespacedName, into dialect.Object) error {
	liveReads.WithLabelValues("get", typeOf(into)).Inc()
	return c.Cluster.Get(ctx, key, into)
}

func (c counting) List(ctx context.Context, into dialect.ObjectList, o inventory.ListOptions) error {
	liveReads.WithLabelValues("list", typeOf(into)).Inc()
	return c.Cluster.List(ctx, into, o)
}

func typeOf(o any) string { return reflect.TypeOf(o).Elem().Name() }
