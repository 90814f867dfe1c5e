package audit_test

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"

	"sigs.k8s.io/yaml"

	"aviary.dev/audit"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/dryrun"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

var large = flag.Bool("large", false, "benchmark with 100,000 objects, too")

// app is five objects as charts write them: a Service, an Upstream, two Deployments, a RouteTable. %[1]s names it.
var app = `apiVersion: v1
kind: Service
metadata:
  name: %[1]s
  namespace: %[2]s
spec:
  selector:
    app: %[1]s
  ports:
  - port: 80
    targetPort: 8080
---
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata:
  name: %[1]s
  namespace: %[2]s
spec:
  kube:
    serviceName: %[1]s
    serviceNamespace: %[2]s
    servicePort: 80
    selector:
      app: %[1]s
    subsetSpec:
      selectors:
      - keys: [version]
---
` + workload + "---\n" + workload2 + `---
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata:
  name: %[1]s-hand-made
  namespace: %[2]s
  labels:
    apiGroup: example
spec:
  routes:
  - matchers:
    - prefix: /%[1]s
      headers:
      - name: stage
        value: canary
    routeAction:
      single:
        upstream: {name: %[1]s, namespace: %[2]s}
        subset:
          values: {version: v2}
  - matchers:
    - prefix: /%[1]s
    routeAction:
      multi:
        destinations:
        - weight: 90
          destination:
            upstream: {name: %[1]s, namespace: %[2]s}
            subset:
              values: {version: v1}
        - weight: 10
          destination:
            upstream: {name: %[1]s, namespace: %[2]s}
            subset:
              values: {version: v2}
---
`

const workload = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: %[1]s-v1
  namespace: %[2]s
  annotations:
    meta.helm.sh/release-name: %[1]s
spec:
  replicas: 3
  selector:
    matchLabels:
      app: %[1]s
      version: v1
  template:
    metadata:
      labels:
        app: %[1]s
        version: v1
    spec:
      containers:
      - name: main
        image: registry.example.com/team/%[1]s:v1
        args: ["-listen=:8080", "-log=json"]
        env:
        - name: LOG_LEVEL
          value: info
        ports:
        - name: http
          containerPort: 8080
        readinessProbe:
          httpGet: {path: /healthz, port: http}
        resources:
          requests: {cpu: 100m, memory: 128Mi}
          limits: {memory: 256Mi}
`

var workload2 = strings.ReplaceAll(strings.ReplaceAll(workload, "v1", "v2"), "apps/v2", "apps/v1")

// manifests writes n objects into a file, in apps of five, twenty apps in a namespace.
func manifests(b *testing.B, n int, format string) string {
	b.Helper()
	file := filepath.Join(b.TempDir(), "all."+format)
	f, err := os.Create(file)
	if err != nil {
		b.Fatal(err)
	}
	w := bufio.NewWriter(f)
	for i := range n / 5 {
		text := fmt.Sprintf(app, fmt.Sprintf("app-%d", i), fmt.Sprintf("team-%d", i/20))
		if format == "json" {
			for document := range strings.SplitSeq(strings.TrimSuffix(text, "---\n"), "---\n") {
				asJSON, err := yaml.YAMLToJSON([]byte(document))
				if err != nil {
					b.Fatal(err)
				}
				_, _ = w.Write(append(asJSON, '\n'))
			}
			continue
		}
		_, _ = w.WriteString(text)
	}
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
	if err := f.Close(); err != nil {
		b.Fatal(err)
	}
	return file
}

// BenchmarkAudit measures reading and judging apart, in objects a second, and tells the peak of the
// process's memory. The collector is set as the command sets it.
func BenchmarkAudit(b *testing.B) {
	defer debug.SetGCPercent(debug.SetGCPercent(40))
	engine, err := policy.New(b.Context(), policy.DefaultConfig())
	if err != nil {
		b.Fatal(err)
	}
	kinds := glootest.Kinds()
	j := judge.New(engine, policy.DefaultConfig().Settings(kinds.Keys()), kinds)
	sizes := []int{10_000}
	if *large {
		sizes = append(sizes, 40_000, 100_000)
	}
	for _, format := range []string{"yaml", "json"} {
		for _, n := range sizes {
			file := manifests(b, n, format)
			read := func(b *testing.B) *audit.Set {
				b.Helper()
				set := audit.NewSet(kinds, "default")
				if err := set.ReadFiles(b.Context(), dryrun.Source{Names: []string{file}}); err != nil {
					b.Fatal(err)
				}
				return set
			}
			b.Run(fmt.Sprintf("%s/%d/read", format, n), func(b *testing.B) {
				forgetPeak()
				b.ReportAllocs()
				for b.Loop() {
					read(b)
				}
				report(b, n)
			})
			b.Run(fmt.Sprintf("%s/%d/judge", format, n), func(b *testing.B) {
				set := read(b)
				forgetPeak()
				b.ReportAllocs()
				for b.Loop() {
					r, err := set.Judge(b.Context(), j)
					if err != nil || len(r.Findings) > 0 || r.Summary.Objects != n {
						b.Fatalf("%v: %+v", err, r)
					}
				}
				report(b, n)
			})
			b.Run(fmt.Sprintf("%s/%d/both", format, n), func(b *testing.B) {
				forgetPeak()
				b.ReportAllocs()
				for b.Loop() {
					if _, err := read(b).Judge(b.Context(), j); err != nil {
						b.Fatal(err)
					}
				}
				report(b, n)
			})
		}
	}
}

func report(b *testing.B, objects int) {
	b.Helper()
	b.ReportMetric(float64(objects)*float64(b.N)/b.Elapsed().Seconds(), "objects/s")
	b.ReportMetric(peak()/1e6, "peak-MB")
}

// forgetPeak makes the kernel count the peak anew.
func forgetPeak() {
	runtime.GC()
	debug.FreeOSMemory()
	_ = os.WriteFile("/proc/self/clear_refs", []byte("5"), 0) // not everywhere; then the peak is the process's so far
}

// peak returns the largest resident size in bytes; 0 where the system does not tell.
func peak() float64 {
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	_, rest, _ := bytes.Cut(text, []byte("VmHWM:"))
	var kib float64
	_, _ = fmt.Sscan(string(rest), &kib)
	return kib * 1024
}
