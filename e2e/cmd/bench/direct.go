package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// endpoint is one of the two webhooks.
type endpoint struct {
	url string
	pid int
}

// webhooks returns Aviary and the empty webhook.
func (f *testbed) webhooks() [2]endpoint {
	return [2]endpoint{
		{"https://" + f.aviary.Address + "/validate", f.aviary.PID()},
		{f.emptyURL(), f.emptyPID},
	}
}

// emptyURL returns the URL of the empty webhook.
func (f *testbed) emptyURL() string {
	return "https://" + net.JoinHostPort(f.emptyHost, strconv.Itoa(emptyPort)) + "/validate"
}

// measureDirect measures both webhooks directly over TLS.
func (f *testbed) measureDirect(ctx context.Context, o options) error {
	user := `"userInfo":{"username":"admin","groups":["system:masters"]}`
	namespace, app := namespaceOf(0), nameOf(0)
	hand := table(namespace, app+"-by-hand", app, routesIn)
	oldHand := strings.Replace(hand, `"weight":90`, `"weight":91`, 1)
	canary, oldCanary := deployment(namespace, app, 2, 20), deployment(namespace, app, 2, 10)
	for _, request := range []struct{ what, body string }{
		{
			fmt.Sprintf("UPDATE of a RouteTable of %d routes", routesIn),
			review("gateway.solo.io", "RouteTable", "routetables", user, hand, oldHand),
		},
		{"UPDATE of a canary's weight", review("apps", "Deployment", "deployments", user, canary, oldCanary)},
	} {
		before, err := f.aviary.Metrics(ctx)
		if err != nil {
			return err
		}
		t := newComparison()
		for round := range o.rounds + 1 {
			var got [2]measured
			for i := range 2 {
				i = (i + round) % 2 // They take turns in being first.
				if got[i], err = f.measure(ctx, f.webhooks()[i], request.body, o); err != nil {
					return err
				}
			}
			if round > 0 { // The first round only warms up.
				t.add(got)
			}
		}
		after, err := f.aviary.Metrics(ctx)
		if err != nil {
			return err
		}
		liveReads := after.Sum("aviary_live_reads_total") - before.Sum("aviary_live_reads_total")
		fmt.Printf("\nDirectly over TLS, %s (%d rounds of %d requests; %v live reads)\n",
			request.what, o.rounds, o.requests, liveReads)
		t.print(o.connections)
	}
	return nil
}

// review returns the AdmissionReview of an UPDATE.
func review(group, kind, resource, user, object, old string) string {
	return fmt.Sprintf(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1",`+
		`"kind":{"group":%q,"version":"v1","kind":%q},"resource":{"group":%q,"version":"v1","resource":%q},`+
		`"name":%q,"namespace":%q,"operation":"UPDATE",%s,"object":%s,"oldObject":%s}}`,
		group, kind, group, resource, named(object), namespaceOf(0), user, object, old)
}

// named returns an object's name.
func named(object string) string {
	var o struct{ Metadata struct{ Name string } }
	_ = json.Unmarshal([]byte(object), &o) // It is valid, because this program made it.
	return o.Metadata.Name
}

// measured is the result of one round for one webhook.
type measured struct {
	p50, p99, cpu time.Duration
	throughput    float64
}

// measure sends requests one by one for the latency, and then over several connections for the
// throughput and the processor time.
func (f *testbed) measure(ctx context.Context, s endpoint, body string, o options) (m measured, err error) {
	client := f.client(o.connections)
	defer client.CloseIdleConnections()
	times := make([]time.Duration, o.requests)
	for i := range times {
		began := time.Now()
		if err := post(ctx, client, s.url, body); err != nil {
			return m, err
		}
		times[i] = time.Since(began)
	}
	m.p50, m.p99 = quantile(times, .5), quantile(times, .99)

	before, err := cpu(s.pid)
	if err != nil {
		return m, err
	}
	began := time.Now()
	var left atomic.Int64
	left.Store(int64(o.requests) * 4)
	var all sync.WaitGroup
	var failed atomic.Pointer[error]
	for range o.connections {
		all.Go(func() {
			for left.Add(-1) >= 0 {
				if err := post(ctx, client, s.url, body); err != nil {
					failed.Store(&err)
					return
				}
			}
		})
	}
	all.Wait()
	if err := failed.Load(); err != nil {
		return m, *err
	}
	m.throughput = float64(o.requests*4) / time.Since(began).Seconds()
	after, err := cpu(s.pid)
	m.cpu = (after - before) / time.Duration(o.requests*4)
	return m, err
}
