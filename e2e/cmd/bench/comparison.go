package main

import (
	"fmt"
	"os"
	"slices"
	"text/tabwriter"
	"time"
)

// quantile returns a quantile of some times; .5 is the median.
func quantile(times []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(int(float64(len(sorted))*q), len(sorted)-1)]
}

// spread returns the least, the median and the greatest of some numbers.
func spread(numbers []float64) (least, middle, most float64) {
	sorted := slices.Sorted(slices.Values(numbers))
	return sorted[0], sorted[len(sorted)/2], sorted[len(sorted)-1]
}

// comparison is the rounds of a comparison of both webhooks.
type comparison struct{ rounds [][2]measured }

func newComparison() *comparison { return &comparison{} }

func (c *comparison) add(round [2]measured) { c.rounds = append(c.rounds, round) }

// print prints the medians of both webhooks, and the median, the least and the greatest of the
// ratios within a round.
func (c *comparison) print(connections int) {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	defer w.Flush() //nolint:errcheck // because there is nowhere to say so.
	fmt.Fprintln(w, "\tAviary\tempty\tratio\tleast\tmost\t")
	ms := func(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }
	for _, row := range []struct {
		what string
		of   func(measured) float64
	}{
		{"p50 (ms)", func(m measured) float64 { return ms(m.p50) }},
		{"p99 (ms)", func(m measured) float64 { return ms(m.p99) }},
		{fmt.Sprintf("requests/s, %d connections", connections), func(m measured) float64 { return m.throughput }},
		{"CPU a request (ms)", func(m measured) float64 { return ms(m.cpu) }},
	} {
		var both [2][]float64
		var ratios []float64
		for _, r := range c.rounds {
			a, b := row.of(r[0]), row.of(r[1])
			both[0], both[1] = append(both[0], a), append(both[1], b)
			ratios = append(ratios, a/b)
		}
		_, a, _ := spread(both[0])
		_, b, _ := spread(both[1])
		least, middle, most := spread(ratios)
		fmt.Fprintf(w, "%s\t%.2f\t%.2f\t%.2f×\t%.2f\t%.2f\t\n", row.what, a, b, middle, least, most)
	}
}
