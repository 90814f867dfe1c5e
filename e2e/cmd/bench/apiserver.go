package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"k8s.io/client-go/rest"
)

// measureThroughAPI measures dry-run creates through the API server in three namespaces: the
// requests of one go to Aviary, those of another to the empty webhook, and those of the third to
// neither. Requests to the three alternate one by one.
func (f *testbed) measureThroughAPI(ctx context.Context, o options) error {
	lanes := []string{"aviary", "empty", "none"}
	for _, l := range lanes {
		if err := f.openLane(ctx, l); err != nil {
			return err
		}
	}
	if err := f.configure(ctx); err != nil {
		return err
	}
	api, err := rest.HTTPClientFor(f.cp.Config())
	if err != nil {
		return err
	}
	create := func(l string) (time.Duration, error) {
		body := table("bench-"+l, "bench", target, routesIn)
		path := "/apis/gateway.solo.io/v1/namespaces/bench-" + l + "/routetables?dryRun=All"
		began := time.Now()
		err := send(ctx, api, f.cp.Config().Host+path, body)
		return time.Since(began), err
	}
	if err := f.waitLanes(ctx, create); err != nil {
		return err
	}
	above := map[string][]float64{}
	medians := map[string][]float64{}
	late := map[string]int{}
	for round := range o.rounds + 1 {
		times := map[string][]time.Duration{}
		for i := range o.requests {
			for k := range lanes {
				l := lanes[(i+k)%len(lanes)]
				took, err := create(l)
				switch {
				case errTimedOut(err):
					late[l]++ // The machine was too busy. This is printed below.
				case err != nil:
					return err
				}
				times[l] = append(times[l], took)
			}
		}
		if round == 0 { // The first round only warms up.
			continue
		}
		for _, l := range lanes {
			p50 := quantile(times[l], .5)
			medians[l] = append(medians[l], p50.Seconds()*1e3)
			above[l] = append(above[l], (p50-quantile(times["empty"], .5)).Seconds()*1e3)
		}
	}
	fmt.Printf("\nThrough the API server, dry-run CREATE of a RouteTable of %d routes "+
		"(%d rounds of %d requests to each, in turn)\n", routesIn, o.rounds, o.requests)
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "webhook\tp50 (ms)\tabove the empty one (ms)\tleast\tmost\t")
	for _, l := range lanes {
		_, p50, _ := spread(medians[l])
		least, middle, most := spread(above[l])
		fmt.Fprintf(w, "%s\t%.2f\t%+.2f\t%+.2f\t%+.2f\t\n", l, p50, middle, least, most)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if len(late) > 0 {
		fmt.Printf("requests that a webhook did not answer within its time: %v\n", late)
	}
	return nil
}

// errTimedOut reports whether a webhook didn't answer in time.
func errTimedOut(err error) bool {
	return err != nil && strings.Contains(err.Error(), "failed calling webhook") &&
		strings.Contains(err.Error(), "deadline exceeded")
}
