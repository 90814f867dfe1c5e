package expander

import (
	"slices"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"aviary.dev/convention"
)

var (
	actions = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_expander_actions_total",
		Help: "Writes of siblings, by kind and action (create, update, delete).",
	}, []string{"kind", "action"})
	restored = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_expander_restored_total",
		Help: "Siblings restored after somebody changed or deleted them, by kind.",
	}, []string{"kind"})
	blockedTotal = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_expander_hindered_total",
		Help: "Tries to write the siblings of apps whose writes have failed for 10 s, by reason: a kind is not " +
			"served (NotServed), a permission is missing (Forbidden), another admission policy or the API server refuses " +
			"a sibling (Refused, TooLarge), somebody else writes it all the time (Conflict), a finalizer holds it " +
			"(Terminating), another webhook or the API server hangs (TimedOut) or is down (Unavailable).",
	}, []string{"reason"})
	invalids = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "aviary_expander_invalid_total",
		Help: "Apps found in a state that admission refuses.",
	})
	lag = prometheus.NewHistogram(prometheus.HistogramOpts{
		Name:    "aviary_expander_lag_seconds",
		Help:    "Time from the watch event of a change until all siblings are as desired.",
		Buckets: []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30},
	})
	weight = prometheus.NewDesc(
		"aviary_version_weight", "A version's share of its app's main routes in percent: declared and effective.",
		[]string{"namespace", "app", "version", "weight"}, nil,
	)
)

// Collectors returns the metrics of the expander's work. An [Expander] is a collector itself, of
// the shares that versions have.
func Collectors() []prometheus.Collector {
	return []prometheus.Collector{actions, restored, blockedTotal, invalids, lag}
}

// routed is a version that an app's main routes lead to, with its share in percent.
type routed struct {
	version             string
	effective, declared int
}

// inLine records an app whose siblings are as desired: how long that took, and who gets what.
func (e *Expander) inLine(app *convention.App, plan convention.Plan, m *memory) {
	if since := e.since(app); !since.IsZero() {
		lag.Observe(time.Since(since).Seconds())
	}
	declared := app.Traffic(nil)
	shares := make([]routed, 0, len(plan.Shares))
	for _, s := range plan.Shares {
		if slices.ContainsFunc(shares, func(r routed) bool { return r.version == s.Version.Name }) {
			continue // two series of one name would spoil all that is served
		}
		shares = append(shares, routed{s.Version.Name, s.Percent, declared.Of(s.Version.Name)})
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	m.routed = shares
}

// Describe implements prometheus.Collector.
func (e *Expander) Describe(out chan<- *prometheus.Desc) { out <- weight }

// Collect implements prometheus.Collector. There are as many series as versions that are routed to;
// they are made when they are asked for, because kept ones would weigh as much as all that is
// remembered of the apps.
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
				all = append(all, prometheus.MustNewConstMetric(weight, prometheus.GaugeValue, float64(percent),
					app.Namespace, app.Name, r.version, of))
			}
		}
	}
	return all
}
