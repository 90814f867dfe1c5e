package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// lane is the label of a Namespace that says which webhook gets its requests.
const lane = "bench"

// target is the app in each lane that the RouteTables route to.
const target = "app"

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

func errTimedOut(err error) bool {
	return err != nil && strings.Contains(err.Error(), "failed calling webhook") &&
		strings.Contains(err.Error(), "deadline exceeded")
}

// configure creates Aviary's webhook configurations again, limited to its lane, and the same for
// the empty webhook.
func (f *testbed) configure(ctx context.Context) error {
	bundle := base64.StdEncoding.EncodeToString(f.aviary.CA.CertPEM)
	for kind, config := range f.configs {
		for _, to := range []string{"aviary", "empty"} {
			if to == "empty" && kind == mutating {
				continue
			}
			c := &unstructured.Unstructured{Object: map[string]any{
				"apiVersion": config.GetAPIVersion(), "kind": config.GetKind(),
			}}
			c.SetName(to)
			const labelKeys = "aviary.dev/label-keys"
			c.SetAnnotations(map[string]string{labelKeys: config.GetAnnotations()[labelKeys]})
			webhooks, _, err := unstructured.NestedSlice(config.DeepCopy().Object, "webhooks")
			if err != nil {
				return err
			}
			for _, w := range webhooks {
				hook := w.(map[string]any)
				hook["namespaceSelector"] = map[string]any{"matchExpressions": []any{
					map[string]any{"key": lane, "operator": "In", "values": []any{to}},
				}}
				if to == "empty" {
					hook["clientConfig"] = map[string]any{"url": f.emptyURL(), "caBundle": bundle}
				}
			}
			if err := unstructured.SetNestedSlice(c.Object, webhooks, "webhooks"); err != nil {
				return err
			}
			if _, err := f.objects.Resource(kind).Create(ctx, c, metav1.CreateOptions{}); err != nil {
				return err
			}
		}
	}
	return nil
}

// openLane creates a lane's namespace with an app, and waits for the Upstream that Aviary writes
// for it.
func (f *testbed) openLane(ctx context.Context, l string) error {
	namespace := "bench-" + l
	for _, text := range []string{
		fmt.Sprintf(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q,"labels":{%q:%q}}}`,
			namespace, lane, l),
		deployment(namespace, target, 1, 0), deployment(namespace, target, 2, 10),
	} {
		if err := f.write(ctx, text); err != nil {
			return err
		}
	}
	return poll(ctx, time.Minute, func() (bool, error) {
		_, err := f.objects.Resource(kinds["Upstream"]).Namespace(namespace).Get(ctx, target, metav1.GetOptions{})
		return err == nil, client.IgnoreNotFound(err)
	})
}

// waitLanes waits until the API server calls both webhooks. The empty one has no metrics, so its
// processor time is compared.
func (f *testbed) waitLanes(ctx context.Context, create func(string) (time.Duration, error)) error {
	return poll(ctx, time.Minute, func() (bool, error) {
		before, err := cpu(f.emptyPID)
		if err != nil {
			return false, err
		}
		asked, err := f.aviary.Metrics(ctx)
		if err != nil {
			return false, err
		}
		for range 50 {
			for _, l := range []string{"aviary", "empty"} {
				if _, err := create(l); err != nil {
					return false, err
				}
			}
		}
		now, err := f.aviary.Metrics(ctx)
		if err != nil {
			return false, err
		}
		after, err := cpu(f.emptyPID)
		const requests = "aviary_admission_requests_total"
		return after > before && now.Sum(requests)-asked.Sum(requests) == 50, err
	})
}

// send creates an object.
func send(ctx context.Context, client *http.Client, url, body string) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	return created(response)
}
