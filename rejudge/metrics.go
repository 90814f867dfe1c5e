package rejudge

import (
	"github.com/prometheus/client_golang/prometheus"

	"aviary.dev/policy"
)

var (
	standing = prometheus.NewGaugeVec(prometheus.GaugeOpts{
		Name: "aviary_standing_findings",
		Help: "Findings about stored objects, on the leader, by rule, mode and namespace.",
	}, []string{"rule", "mode", "namespace"})
	broken = prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: "aviary_rejudgement_findings_total",
		Help: "Findings about objects that broke a rule after they were admitted, by rule.",
	}, []string{"rule"})
	failed = prometheus.NewCounter(prometheus.CounterOpts{
		Name: "aviary_rejudgement_errors_total",
		Help: "Re-judgements that failed; each is tried again.",
	})
)

// Collectors returns the metrics of re-judgement.
func Collectors() []prometheus.Collector { return []prometheus.Collector{standing, broken, failed} }

// sums keeps the gauge: the series of a rule, mode and namespace goes when its last finding does.
type sums map[[3]string]int

func (s sums) add(namespace string, findings []policy.Finding, by int) {
	for _, f := range findings {
		key := [3]string{f.Rule, f.Mode.String(), namespace}
		if s[key] += by; s[key] != 0 {
			standing.WithLabelValues(key[:]...).Set(float64(s[key]))
			continue
		}
		delete(s, key)
		standing.DeleteLabelValues(key[:]...)
	}
}
