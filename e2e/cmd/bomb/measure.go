package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

const (
	// maxRatio is how many times as long requests may take at the 99th percentile.
	maxRatio = 2
	maxStart = 10 * time.Second
	// spare is the part of the limit of memory that must be left.
	spare = .2
)

// request is something that a team, or the platform, asks for; nothing of it is stored.
type request struct {
	what string
	send func(ctx context.Context, w *world, n int) error
}

var requests = []request{
	{"CREATE of a RouteTable", func(ctx context.Context, w *world, n int) error {
		return create(ctx, w.objects, byHand(teamOf(0), fmt.Sprintf("new-%d", n), 10), true)
	}},
	{"UPDATE of a RouteTable", func(ctx context.Context, w *world, n int) error {
		text := fmt.Sprintf(`{"spec":{"routes":[{"matchers":[{"prefix":"/%s/other-%d"}],`+
			`"redirectAction":{"hostRedirect":"x"}}]}}`, teamOf(1), n)
		return patch(ctx, w, byHand(teamOf(1), "by-hand", 1), text)
	}},
	{"UPDATE of an app's paths", func(ctx context.Context, w *world, n int) error {
		text := fmt.Sprintf(`{"metadata":{"annotations":{"aviary.dev/paths":"/%s,/%[1]s-%d"}}}`, teamOf(2), n)
		return patch(ctx, w, version(teamOf(2), "v1", `"a":"b"`), text)
	}},
	{"UPDATE of the VirtualService", func(ctx context.Context, w *world, n int) error {
		o := &unstructured.Unstructured{}
		if err := o.UnmarshalJSON([]byte(virtualService(fmt.Sprintf("/extra-%d", n)))); err != nil {
			return err
		}
		text, err := o.MarshalJSON()
		if err != nil {
			return err
		}
		return patch(ctx, w, string(text), string(text))
	}},
}

// patch has the API server say what a merge patch of an object would do.
func patch(ctx context.Context, w *world, of, text string) error {
	o := &unstructured.Unstructured{}
	if err := o.UnmarshalJSON([]byte(of)); err != nil {
		return err
	}
	_, err := clientOf(w.objects, o).Patch(ctx, o.GetName(), types.MergePatchType, []byte(text),
		metav1.PatchOptions{DryRun: []string{metav1.DryRunAll}})
	return err
}

// compare sends the same requests to both, in turn, and prints and judges how long they take. The first round only
// warms up.
func compare(ctx context.Context, worlds [2]*world, o options) (err error) {
	for _, r := range requests {
		var times [2][]time.Duration
		failed := [2]int{}
		for i := range (o.rounds + 1) * o.requests {
			for k := range worlds {
				at := (i + k) % len(worlds)
				began := time.Now()
				if sent := r.send(ctx, worlds[at], i); sent != nil {
					failed[at]++
					err = errors.Join(err, firstOf(failed[at], fmt.Errorf("%s: %w", r.what, sent)))
				}
				if i >= o.requests {
					times[at] = append(times[at], time.Since(began))
				}
			}
			if i%50 == 0 {
				if seen := worlds[1].see(ctx); seen != nil {
					return errors.Join(err, seen)
				}
			}
		}
		without, with := quantile(times[0], .99), quantile(times[1], .99)
		ratio := float64(with) / float64(without)
		fmt.Printf("%s: p50 %.1f and %.1f ms, p99 %.1f and %.1f ms, %.2f times; %v failed\n", r.what,
			ms(quantile(times[0], .5)), ms(quantile(times[1], .5)), ms(without), ms(with), ratio, failed)
		if ratio > maxRatio {
			err = errors.Join(err, fmt.Errorf("%s takes %.2f times as long, must take at most %d", r.what, ratio, maxRatio))
		}
	}
	return err
}

// firstOf returns the error if it is the first.
func firstOf(n int, err error) error {
	if n > 1 {
		return nil
	}
	return err
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func quantile(times []time.Duration, q float64) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[min(int(float64(len(sorted))*q), len(sorted)-1)]
}
