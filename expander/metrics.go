package expander

import (
	"slices"
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
		Name: "aviary_expander_hindered_total",
		Help: "Reconciliations that only people can help: a kind not served (NotServed), a right missing (Forbidden), a sibling that another admission policy refuses (Refused).",
	}, []string{"reason"})
	invalids = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "aviary_expander_invalid_total", Help: "Apps seen in a state that admission refuses.",
	})
	lag = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: "aviary_expander_lag_seconds", Help: "Time from the change that the watch told of to siblings in line.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	})
	weight = prometheus.NewDesc(
		"aviary_version_weight", "A version's share of its app's main routes in percent: declared, and in effect.",
		[]string{"namespace", "app", "version", "weight"}, nil,
	)
)

func init() { //nolint:gochecknoinits // because metrics are the process's.
	metrics.Registry.MustRegister(actions, restored, hindrances, invalids, lag)
}

func acted(kind, action string) { actions.WithLabelValues(kind, action).Inc() }

// routed is a version that an app's main routes lead to, with its share in percent.
type routed struct {
	version             string
	effective, declared int
}

// stands records an app whose siblings are in line: how long that took, and who gets what.
func (e *Expander) stands(app *convention.App, plan convention.Plan, m *memory) {
	if since := e.since(app); !since.IsZero() {
		lag.Observe(time.Since(since).Seconds())
	}
	declared := app.Traffic(nil)
	now := make([]routed, 0, len(plan.Shares))
	for _, s := range plan.Shares {
		if slices.ContainsFunc(now, func(r routed) bool { return r.version == s.Version.Name }) {
			continue // two series of one name would spoil all that is served
		}
		now = append(now, routed{s.Version.Name, s.Percent, declared.Of(s.Version.Name)})
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	m.routed = now
}

// Describe implements prometheus.Collector.
func (e *Expander) Describe(out chan<- *prometheus.Desc) { out <- weight }

// Collect implements prometheus.Collector. There are as many series as versions that are routed to; they are made when
// they are asked for, because kept ones would weigh as much as all that is remembered of the apps.
func (e *Expander) Collect(out chan<- prometheus.Metric) {
	for _, m := range e.shares() {
		out <- m
	}
}

func (e *Expander) shares() (all []prometheus.Metric) {
	e.mu.Lock()
	defer e.mu.Unlock()
	for app, m := range e.apps {
		for _, r := range m.routed {
			for of, percent := range map[string]int{"effective": r.effective, "declared": r.declared} {
				all = append(all, prometheus.MustNewConstMetric(weight, prometheus.GaugeValue, float64(percent), app.Namespace, app.Name, r.version, of))
			}
		}
	}
	return all
}
