package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/tools/events"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/policy/judge"
)

// note is what an Event says and what client-go takes it for: of two that it takes for the same,
// the second text is lost.
type note struct{ text, same string }

type notes chan note

func (n notes) Eventf(regarding, related runtime.Object, eventtype, reason, action, text string, args ...any) {
	n <- note{fmt.Sprintf(text, args...), fmt.Sprint(eventtype, reason, action, regarding, related)}
}

// TestRefusalsAreToldApart: who mends a typo by another one is told of both.
func TestRefusalsAreToldApart(t *testing.T) {
	t.Parallel()
	said := make(notes, 3)
	b := &behaviour{
		events: said, good: prometheus.NewGauge(prometheus.GaugeOpts{}),
		regarding: &corev1.ObjectReference{Kind: "Pod", Name: "aviary-0"},
	}
	for _, text := range []string{`enforcement: "maybe"`, `enforcement: "wran"`, `enforcement: "maybe"`} {
		b.refused(errors.New(text), "configuration refused")
	}
	first, second, again := <-said, <-said, <-said
	if first.same == second.same || first != again {
		t.Errorf("these are folded: %q, %q; and these not: %q, %q", first, second, first, again)
	}
	if !strings.HasSuffix(first.text, `"maybe"`) || b.regarding.FieldPath != "" {
		t.Errorf("got %q about %v", first.text, b.regarding)
	}
}

// TestReload: each change is in force at once for webhook and expander, and is told of.
func TestReload(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config.yaml")
	write := func(rest string) {
		t.Helper()
		if err := os.WriteFile(file, []byte("apiVersion: aviary.dev/v1alpha1\nkind: Config\n"+rest), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("defaults: {apiGroup: one}\n")
	b, err := newBehaviour(t.Context(), options{config: file, namespace: "aviary-system"}, glootest.Kinds())
	if err != nil {
		t.Fatal(err)
	}
	if b.NeedLeaderElection() {
		t.Error("every replica must reload")
	}
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		recorder := events.NewFakeRecorder(1)
		changed := 0
		b.events, b.changed = recorder, func() { changed++ }
		var came [2]string // the API group that comes, and the one that is in force then
		b.comes = func(_ context.Context, next *judge.Judge) {
			came = [2]string{next.Settings().APIGroup, b.judge().Settings().APIGroup}
		}
		go func() { _ = b.Start(ctx) }()

		write("defaults: {apiGroup: two}\ngateOnReadiness: false\n")
		if event := <-recorder.Events; !strings.HasPrefix(event, "Normal ConfigurationTaken") {
			t.Error(event)
		}
		groups := [2]string{b.judge().Settings().APIGroup, b.expander().Settings.APIGroup}
		if groups != [2]string{"two", "two"} || b.expander().Gate || changed != 1 {
			t.Errorf("got %+v, %d changes", b.expander(), changed)
		}
		if came != [2]string{"two", "one"} {
			t.Errorf("what comes must be told before it is in force: %v", came)
		}
		write("defaults: {apiGroups: three}\n")
		event := <-recorder.Events
		if !strings.HasPrefix(event, "Warning ConfigurationRefused") ||
			!strings.Contains(event, "defaults.apiGroups: unknown key") {
			t.Error(event)
		}
		if b.expander().Settings.APIGroup != "two" || changed != 1 {
			t.Errorf("got %+v, %d changes", b.expander(), changed)
		}
	})
	registry := prometheus.NewRegistry()
	registry.MustRegister(b.reloads, b.good)
	families, err := registry.Gather()
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]float64{}
	for _, f := range families {
		for _, m := range f.GetMetric() {
			name := f.GetName()
			for _, l := range m.GetLabel() {
				name += " " + l.GetValue()
			}
			got[name] = m.GetGauge().GetValue() + m.GetCounter().GetValue()
		}
	}
	for name, want := range map[string]float64{
		"aviary_config_last_reload_successful": 0,
		"aviary_config_reloads_total taken":    1, "aviary_config_reloads_total refused": 1,
	} {
		if value, ok := got[name]; !ok || value != want {
			t.Errorf("%s is %v, want %v", name, value, want)
		}
	}
}
