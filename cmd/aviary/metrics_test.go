package main

import (
	"os"
	"regexp"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/expander"
)

// described is a registry that notes the names of what is registered.
type described struct {
	*prometheus.Registry
	names []string
}

var fqName = regexp.MustCompile(`fqName: "(\w+)"`)

func (d *described) Register(c prometheus.Collector) error {
	descs := make(chan *prometheus.Desc, 10)
	c.Describe(descs)
	close(descs)
	for desc := range descs {
		d.names = append(d.names, fqName.FindStringSubmatch(desc.String())[1])
	}
	return d.Registry.Register(c)
}

// TestMetricNames compares what is registered with what docs/metrics.md lists.
func TestMetricNames(t *testing.T) {
	t.Parallel()
	b, err := newBehaviour(t.Context(), options{}, glootest.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	d := &described{Registry: prometheus.NewRegistry()}
	if err := register(d, buildInfo(), &expander.Expander{}, b.reloads, b.good, newCertificates(t.TempDir())); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile("../../docs/metrics.md")
	if err != nil {
		t.Fatal(err)
	}
	var listed []string
	for _, row := range regexp.MustCompile("(?m)^\\| `(\\w+)` \\|").FindAllStringSubmatch(string(text), -1) {
		listed = append(listed, row[1])
	}
	slices.Sort(d.names)
	if diff := cmp.Diff(listed, d.names); diff != "" {
		t.Errorf("-listed +registered\n%s", diff)
	}
}
