package waits

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// decision is a line of Aviary's log.
type decision struct {
	Msg, Operation, Kind, Verdict, Namespace, Name string

	Time time.Time
	Live bool
}

// decisions calls do with each decision that is logged.
func (b *bed) decisions(do func(decision)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, replica := range slices.Concat(b.ended, b.replicas) {
		for line := range strings.Lines(replica.Logs()) {
			var d decision
			if json.Unmarshal([]byte(line), &d) == nil && d.Msg == "decision" {
				do(d)
			}
		}
	}
}

// refusals returns when requests to each app were refused.
func (b *bed) refusals() map[app][]time.Time {
	at := map[app][]time.Time{}
	b.decisions(func(d decision) {
		if d.Verdict == "deny" {
			name, _, _ := strings.Cut(d.Name, "-v")
			a := app{d.Namespace, name}
			at[a] = append(at[a], d.Time)
		}
	})
	return at
}

// reportReads prints how many of the requests so far were judged by live reads.
func (b *bed) reportReads() error {
	all, live := map[string]int{}, map[string]int{}
	b.decisions(func(d decision) {
		what := d.Operation + " " + d.Kind
		if all[what]++; d.Live {
			live[what]++
		}
	})
	fmt.Println()
	w := newTable("\trequests\tjudged by live reads\t")
	for _, what := range slices.Sorted(maps.Keys(all)) {
		fmt.Fprintf(w, "%s\t%d\t%.0f %%\t\n", what, all[what], 100*float64(live[what])/float64(all[what]))
	}
	return w.Flush()
}
