package main

import (
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/prometheus/client_golang/prometheus"

	"aviary.dev/version"
)

func TestVersionCommand(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	c := command()
	c.SetOut(&out)
	c.SetArgs([]string{"version"})
	if err := c.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	if want := "aviary " + version.Current() + " (" + runtime.Version() + ", "; !strings.HasPrefix(out.String(), want) {
		t.Errorf("got %q, want %q…", out.String(), want)
	}
}

func TestBuildInfo(t *testing.T) {
	t.Parallel()
	registry := prometheus.NewRegistry()
	registry.MustRegister(buildInfo())
	families, err := registry.Gather()
	if err != nil || len(families) != 1 || families[0].GetName() != "aviary_build_info" {
		t.Fatalf("got %v (%v), want aviary_build_info alone", families, err)
	}
	series := families[0].GetMetric()
	if len(series) != 1 || series[0].GetGauge().GetValue() != 1 {
		t.Fatalf("got %v, want one series of value 1", series)
	}
	got := map[string]string{}
	for _, l := range series[0].GetLabel() {
		got[l.GetName()] = l.GetValue()
	}
	want := map[string]string{"version": version.Current(), "go_version": runtime.Version()}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("labels (-want +got):\n%s", diff)
	}
}
