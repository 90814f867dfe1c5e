package expander

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"aviary.dev/convention"
)

var (
	actions = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_expander_actions_total", Help: "Writes of siblings, by kind and action (create, update, delete).",
	}, []string{"kind", "action"})
	restored = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_expander_restored_total", Help: "Siblings put back after somebody changed or deleted them, by kind.",
	}, []string{"kind"})
	hindrances = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_expander_hindered_total", Help: "Reconciliations that only people can help: a kind not served (NotServed), a right missing (Forbidden).",
	}, []string{"reason"})
	invalids = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "aviary_expander_invalid_total", Help: "Apps seen in a state that admission refuses.",
	})
	lag = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "aviary_expander_lag_seconds", Help: "Time from the change that the watch told of to siblings in line.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	})
	weights = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "aviary_version_weight", Help: "A version's share of its app's main routes in percent: declared, and in effect.",
	}, []string{"namespace", "app", "version", "weight"})
)

func init() { //nolint:gochecknoinits // because metrics are the process's.
	metrics.Registry.MustRegister(actions, restored, hindrances, invalids, lag, weights)
}

func acted(kind, action string) { actions.WithLabelValues(kind, action).Inc() }

// stands records an app whose siblings are in line: how long that took, and who gets what. There are as many series as
// versions that are routed to, and they go with the versions.
func (e *Expander) stands(app *convention.App, plan convention.Plan, m *memory) {
	if since := e.since(app); !since.IsZero() {
		lag.Observe(time.Since(since).Seconds())
	}
	now := map[string]bool{}
	declared := app.Plan(nil)
	for _, s := range plan.Shares {
		v := s.Version.Name
		now[v] = true
		weights.WithLabelValues(app.Namespace, app.Name, v, "effective").Set(float64(s.Percent))
		weights.WithLabelValues(app.Namespace, app.Name, v, "declared").Set(float64(declared.Of(v)))
	}
	for v := range m.routed {
		if !now[v] {
			weights.DeletePartialMatch(prometheus.Labels{"namespace": app.Namespace, "app": app.Name, "version": v})
		}
	}
	m.routed = now
}
