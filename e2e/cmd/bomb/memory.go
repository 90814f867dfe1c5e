package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/aviary"
)

// limits are those of memory that Aviary is shipped with.
type limits struct {
	goal  string // GOMEMLIMIT
	bytes float64
}

// readLimits reads them from the manifests.
func readLimits() (out limits, err error) {
	root, err := aviary.Root()
	if err != nil {
		return out, err
	}
	text, err := os.ReadFile(filepath.Join(root, "manifests", "base", "deployment.yaml"))
	if err != nil {
		return out, err
	}
	objects, err := aviary.Decode(string(text))
	if err != nil {
		return out, err
	}
	for _, o := range objects {
		containers, _, _ := unstructured.NestedSlice(o.Object, "spec", "template", "spec", "containers")
		for _, c := range containers {
			container := c.(map[string]any)
			limit, _, _ := unstructured.NestedString(container, "resources", "limits", "memory")
			if q, err := resource.ParseQuantity(limit); err == nil {
				out.bytes = q.AsApproximateFloat64()
			}
			env, _, _ := unstructured.NestedSlice(container, "env")
			for _, e := range env {
				if e := e.(map[string]any); e["name"] == "GOMEMLIMIT" {
					out.goal, _ = e["value"].(string)
				}
			}
		}
	}
	if out.goal == "" || out.bytes == 0 {
		return out, fmt.Errorf("manifests/base says no GOMEMLIMIT or no limit of memory")
	}
	return out, nil
}

// restart starts Aviary anew with all objects, and waits until it has nothing to do any more.
func (w *world) restart(ctx context.Context) error {
	if err := w.aviary.Stop(); err != nil {
		return err
	}
	began := time.Now()
	if err := w.aviary.Start(ctx); err != nil {
		return err
	}
	w.ready = time.Since(began)
	var before float64
	return wait.PollUntilContextTimeout(ctx, 3*time.Second, 10*time.Minute, true,
		func(ctx context.Context) (bool, error) {
			m, err := w.aviary.Metrics(ctx)
			if err != nil {
				return false, err
			}
			const used = "process_cpu_seconds_total"
			idle := m.Sum(used)-before < .3
			before = m.Sum(used)
			return idle, w.see(ctx)
		})
}

// see notes how much memory Aviary has.
func (w *world) see(ctx context.Context) error {
	m, err := w.aviary.Metrics(ctx)
	if err == nil {
		w.resident = max(w.resident, m.Sum("process_resident_memory_bytes"))
	}
	return err
}

// memory judges the most that was seen.
func (w *world) memory(shipped limits) error {
	const mib = 1 << 20
	fmt.Printf("at most %.0f MiB resident, of %.0f MiB\n", w.resident/mib, shipped.bytes/mib)
	if most := shipped.bytes * (1 - spare); w.resident > most {
		return fmt.Errorf("%.0f MiB are resident, must be at most %.0f", w.resident/mib, most/mib)
	}
	return nil
}
