package waits

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// quantile returns a quantile of some times; .5 is the median. Of none it is 0.
func quantile(times []time.Duration, q float64) time.Duration {
	if len(times) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(int(float64(len(sorted))*q), len(sorted)-1)]
}

// spread returns the median of some numbers, and the least and the greatest.
func spread(numbers []float64) string {
	sorted := slices.Sorted(slices.Values(numbers))
	return fmt.Sprintf("%.2f (%.2f–%.2f)", sorted[len(sorted)/2], sorted[0], sorted[len(sorted)-1])
}

// timesOf returns how long requests took.
func timesOf(requests []request) (times []time.Duration) {
	for _, r := range requests {
		times = append(times, r.took())
	}
	return times
}

// ms prints a time in milliseconds.
func ms(d time.Duration) string { return fmt.Sprintf("%.0f", float64(d)/float64(time.Millisecond)) }

// newTable returns what prints a table.
func newTable(head string) *tabwriter.Writer {
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, head)
	return w
}

// report prints what became of rollouts, and returns an error if a request was refused although its table let it pass.
func (b *bed) report(what string, out *outcome, seen *revisions) error {
	seconds := func(d time.Duration) time.Duration { return d.Round(time.Second) }
	fmt.Printf("\n%d apps, %s: applied in %s, rolled out after %s", out.apps, what, seconds(out.applied),
		seconds(out.done))
	if out.beside > 0 {
		fmt.Printf("; the update was over after %s", seconds(out.beside))
	}
	fmt.Printf("\nwaits: %.0f ended in step, %.0f timed out, %.0f found too many; %.2f s each\n",
		out.counts.inStep, out.counts.timeout, out.counts.full,
		out.counts.waitSeconds/max(1, out.counts.inStep+out.counts.timeout))
	fmt.Printf("sent again: %d that Aviary had no time to decide, %d that it did not answer\n", out.undecided,
		out.unanswered)
	w := newTable("\trequests\tp50 (ms)\tp99 (ms)\tmost (ms)\t")
	for _, of := range []deed{promotion, removal} {
		for _, row := range []struct {
			what string
			fits func(request) bool
		}{
			{"admitted", func(r request) bool { return r.denial == "" }},
			{"refused, the table lags", request.byTable},
			{"refused otherwise", func(r request) bool { return r.denial != "" && !r.byTable() }},
		} {
			times := timesOf(out.pick(func(r request) bool { return r.deed == of && row.fits(r) }))
			fmt.Fprintf(w, "%s %s\t%d\t%s\t%s\t%s\t\n", of, row.what, len(times), ms(quantile(times, .5)),
				ms(quantile(times, .99)), ms(quantile(times, 1)))
		}
	}
	return errors.Join(w.Flush(), b.judge(out, seen))
}

// glance is the time from the last look at a table to the decision on a busy machine. What the table was for less than
// that can't be held against a refusal.
const glance = 300 * time.Millisecond

// judge compares each refusal by a rule that asks the table with the table's revisions. A request ends with the
// decision by Aviary's log, since the answer may take its time.
func (b *bed) judge(out *outcome, seen *revisions) error {
	refused := out.pick(func(r request) bool {
		return strings.Contains(r.denial, "[promotion]") || strings.Contains(r.denial, "[stranded-traffic]")
	})
	var wrong []string
	var spans []time.Duration
	unknown := 0
	decided := b.refusals()
	for _, r := range refused {
		for _, t := range decided[r.app] {
			if t.After(r.began) && t.Before(r.ended) {
				r.ended = t
			}
		}
		span, known := seen.letPass(r)
		if !known {
			unknown++
		}
		if span > 0 {
			spans = append(spans, span)
		}
		if span >= glance {
			wrong = append(wrong, fmt.Sprintf("%s of %s: for %s ms of the last %s: %s", r.deed, r.app, ms(span),
				r.took().Round(time.Millisecond), r.denial))
		}
	}
	fmt.Printf("of %d refused the table let %d pass at some moment of their last second, for %s ms at most: %d for %s ms "+
		"and more; no revision was seen of %d\n", len(refused), len(spans), ms(quantile(spans, 1)), len(wrong), ms(glance),
		unknown)
	for otherwise, n := range otherDenials(out) {
		fmt.Printf("%d× refused otherwise: %s\n", n, otherwise)
	}
	if len(wrong) > 0 {
		fmt.Println(strings.Join(wrong[:min(10, len(wrong))], "\n"))
		return fmt.Errorf("%d refusals though the table let them pass", len(wrong))
	}
	return nil
}

// otherDenials counts denials that the table's lag is not the reason of, without names and numbers of objects.
func otherDenials(out *outcome) map[string]int {
	n := map[string]int{}
	for _, r := range out.requests {
		if r.denial != "" && !r.byTable() {
			_, text, _ := strings.Cut(r.denial, "denied the request: ")
			n[strings.NewReplacer(r.app.namespace, "NAMESPACE", r.app.name, "APP").Replace(text)]++
		}
	}
	return n
}
