package waits

import (
	"context"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// part is what goes on while other requests are measured.
type part struct {
	what string
	// beside starts it; what it returns waits until it is over.
	beside func(context.Context) (end func() error)
	times  []time.Duration // of the round
	p50    []float64       // in milliseconds, of each round
	p99    []float64
	counts counts
	span   time.Duration
}

// others compares how long other requests take: beside as many that wait as may in one replica, beside as many that are
// refused without waiting, and alone. The parts take turns in each round.
func (b *bed) others(ctx context.Context, o options, blocked []app) error {
	other := app{"other-0", "app-0"}
	if err := b.prepareOther(ctx, other); err != nil {
		return err
	}
	const waiters = mostWaits
	parts := []*part{
		{what: "alone", beside: func(context.Context) func() error { return func() error { return nil } }},
		{what: fmt.Sprintf("beside %d that wait", waiters), beside: func(ctx context.Context) func() error {
			return b.keepAsking(ctx, blocked, waiters)
		}},
		{what: "beside as many dry runs", beside: func(ctx context.Context) func() error {
			return b.keepAsking(ctx, blocked, waiters, dryRun...)
		}},
	}
	for round := range o.rounds + 1 {
		for k := range parts {
			p := parts[(k+round)%len(parts)]
			if err := b.measureOther(ctx, p, other, o.requests); err != nil {
				return err
			}
			if round > 0 { // The first round only warms up.
				p.p50 = append(p.p50, millis(quantile(p.times, .5)))
				p.p99 = append(p.p99, millis(quantile(p.times, .99)))
			}
		}
	}
	fmt.Printf("\nother requests: UPDATE of a RouteTable made by hand and of a canary's weight, in turn "+
		"(%d rounds of %d)\n", o.rounds, o.requests)
	w := newTable("\tp50 (ms)\ttimes alone\tp99 (ms)\ttimes alone\twait at a time\t")
	alone := parts[0]
	for _, p := range parts {
		fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%s\t%.0f\t\n", p.what, spread(p.p50), spread(over(p.p50, alone.p50)),
			spread(p.p99), spread(over(p.p99, alone.p99)), max(0, p.counts.waitSeconds)/p.span.Seconds())
	}
	if err := w.Flush(); err != nil {
		return err
	}
	fmt.Printf("times beside as many dry runs: p50 %s, p99 %s; live reads of the other requests alone: %.0f\n",
		spread(over(parts[1].p50, parts[2].p50)), spread(over(parts[1].p99, parts[2].p99)), alone.counts.liveReads)
	return nil
}

func millis(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// over divides the numbers of each round.
func over(a, b []float64) (ratios []float64) {
	for i := range a {
		ratios = append(ratios, a[i]/b[i])
	}
	return ratios
}

// prepareOther makes an app with a canary, and a RouteTable by hand beside it.
func (b *bed) prepareOther(ctx context.Context, a app) error {
	if err := b.openNamespaces(ctx, []app{a}, "free"); err != nil {
		return err
	}
	if err := b.apply(ctx, a); err != nil {
		return err
	}
	if err := b.waitFollows(ctx, a); err != nil {
		return err
	}
	text := fmt.Sprintf(`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":"by-hand",`+
		`"namespace":%q,"labels":{"apiGroup":"example"}},%s}`, a.namespace, byHand(a, 10))
	return b.decided(ctx, func() error { return ignoreExisting(b.create(ctx, text)) })
}

// byHand is the content of a RouteTable that gives v2 a weight.
func byHand(a app, weight int) string {
	to := func(version string, weight int) string {
		return fmt.Sprintf(`{"weight":%d,"destination":{"upstream":{"name":%q,"namespace":%q},`+
			`"subset":{"values":{"version":%q}}}}`, weight, a.name, a.namespace, version)
	}
	return fmt.Sprintf(`"spec":{"routes":[{"matchers":[{"prefix":"/by-hand"}],"routeAction":{"multi":`+
		`{"destinations":[%s,%s]}}}]}`, to("v1", 100-weight), to("v2", weight))
}

// measureOther sends requests one by one while something goes on beside.
func (b *bed) measureOther(ctx context.Context, p *part, a app, requests int) error {
	beside, stop := context.WithCancel(ctx)
	end := p.beside(beside)
	defer stop()
	if err := pause(ctx, 1500*time.Millisecond); err != nil { // Until as many wait as will.
		return err
	}
	before, err := b.count(ctx)
	if err != nil {
		return err
	}
	began := time.Now()
	p.times = p.times[:0]
	for i := range requests {
		weight := 10 + 10*(i/2%2)
		began := time.Now()
		// One that gets no verdict in time is sent again, and all of that is its time.
		if err := b.decided(ctx, func() error { return b.updateOther(ctx, a, i%2 == 0, weight) }); err != nil {
			return err
		}
		p.times = append(p.times, time.Since(began))
	}
	p.span = time.Since(began)
	after, err := b.count(ctx)
	if err != nil {
		return err
	}
	p.counts = after.minus(before)
	stop()
	return end()
}

// updateOther changes the RouteTable made by hand, or the canary's weight.
func (b *bed) updateOther(ctx context.Context, a app, table bool, weight int) error {
	if !table {
		return b.say(ctx, a, "weight", fmt.Sprint(weight))
	}
	_, err := b.client(a, tables).Patch(ctx, "by-hand", types.MergePatchType, []byte("{"+byHand(a, weight)+"}"),
		metav1.PatchOptions{})
	return err
}
