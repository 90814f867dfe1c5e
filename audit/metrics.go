package audit

import (
	"github.com/prometheus/client_golang/prometheus"
	"sigs.k8s.io/controller-runtime/pkg/metrics"

	"aviary.dev/policy"
)

var (
	findings = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "aviary_standing_findings", Help: "Findings about objects as they stand in the cluster, on the leader, by rule, mode and namespace.",
	}, []string{"rule", "mode", "namespace"})
	rejudged = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_rejudgement_findings_total", Help: "Objects found to break a rule after they were admitted, by rule.",
	}, []string{"rule"})
	failed = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "aviary_rejudgement_errors_total", Help: "Objects that could not be judged as they stand.",
	})
)

func init() { //nolint:gochecknoinits // because metrics are the process's.
	metrics.Registry.MustRegister(findings, rejudged, failed)
}

// tally keeps the gauge: the series of a rule, mode and namespace goes when its last finding does.
type tally map[[3]string]int

func (t tally) add(namespace string, list []policy.Finding, by int) {
	for _, f := range list {
		key := [3]string{f.Rule, f.Mode.String(), namespace}
		if t[key] += by; t[key] != 0 {
			findings.WithLabelValues(key[:]...).Set(float64(t[key]))
			continue
		}
		delete(t, key)
		findings.DeleteLabelValues(key[:]...)
	}
}
