package main

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/tools/events"
	ctrl "sigs.k8s.io/controller-runtime"

	"aviary.dev/dialect"
	"aviary.dev/expander"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// behaviour is what Aviary does, by the configuration in force on this replica. It runs on every
// replica.
type behaviour struct {
	source  *policy.Source
	kinds   *dialect.Kinds
	current atomic.Pointer[decider]
	reloads *prometheus.CounterVec
	good    prometheus.Gauge
	// events, regarding, comes and changed are set before Start. Comes is called before a configuration is in force.
	events    events.EventRecorder
	regarding *corev1.ObjectReference
	comes     func(context.Context, *judge.Judge)
	changed   func()
}

type decider struct {
	judge *judge.Judge
	gate  bool
}

func newBehaviour(ctx context.Context, o options, kinds *dialect.Kinds) (*behaviour, error) {
	source, err := policy.NewSource(ctx, o.config, kinds)
	if err != nil {
		return nil, err
	}
	b := &behaviour{
		source: source, kinds: kinds,
		reloads: prometheus.NewCounterVec(prometheus.CounterOpts{
			Name: "aviary_config_reloads_total",
			Help: "Changes of the configuration or of custom rules that were seen, by result (taken, refused).",
		}, []string{"result"}),
		good: prometheus.NewGauge(prometheus.GaugeOpts{
			Name: "aviary_config_last_reload_successful",
			Help: "1 if the configuration and all custom rules are in force as their files are now, else 0.",
		}),
	}
	// The Event is about the Pod: each replica reads the files by itself.
	name, err := os.Hostname()
	if err != nil {
		return nil, err
	}
	b.regarding = &corev1.ObjectReference{APIVersion: "v1", Kind: "Pod", Namespace: o.namespace, Name: name}
	b.take(b.next())
	return b, nil
}

// next is what the source's configuration says.
func (b *behaviour) next() *decider {
	config := b.source.Current().Config
	return &decider{judge.New(b.source.Current().Engine, config.Settings(b.kinds.Keys()), b.kinds), config.GateOnReadiness}
}

// take puts the source's configuration in force.
func (b *behaviour) take(d *decider) {
	config := b.source.Current().Config
	b.current.Store(d)
	for _, w := range config.Warnings(time.Now()) {
		ctrl.Log.WithName("config").Info("warning: " + w)
	}
}

func (b *behaviour) judge() *judge.Judge { return b.current.Load().judge }

func (b *behaviour) expander() expander.Behaviour {
	d := b.current.Load()
	return expander.Behaviour{Settings: d.judge.Settings(), Gate: d.gate}
}

// NeedLeaderElection implements manager.LeaderElectionRunnable.
func (b *behaviour) NeedLeaderElection() bool { return false }

// Start implements manager.Runnable: it takes over each new configuration, and tells of each that
// is refused.
func (b *behaviour) Start(ctx context.Context) error {
	b.good.Set(1)
	if err := b.source.Broken(); err != nil {
		b.refused(err, "started without custom rules that are broken")
	}
	b.source.Watch(ctx, func(err error) {
		if err != nil {
			b.reloads.WithLabelValues("refused").Inc()
			b.refused(err, "configuration refused")
			return
		}
		next := b.next()
		b.comes(ctx, next.judge)
		b.take(next)
		b.changed()
		b.reloads.WithLabelValues("taken").Inc()
		b.good.Set(1)
		ctrl.Log.WithName("config").Info("a new configuration is in force")
		b.events.Eventf(b.regarding, nil, corev1.EventTypeNormal, "ConfigurationTaken", "Reload",
			"a new configuration is in force")
	})
	return nil
}

func (b *behaviour) refused(err error, what string) {
	b.good.Set(0)
	ctrl.Log.WithName("config").Error(err, what)
	// client-go folds Events that are alike but for their text, and drops the second text: so the
	// digest tells what is wrong apart.
	regarding := b.regarding.DeepCopy()
	regarding.FieldPath = fmt.Sprintf("configuration{%.4x}", sha256.Sum256([]byte(err.Error())))
	b.events.Eventf(regarding, nil, corev1.EventTypeWarning, "ConfigurationRefused", "Reload", "%s: %v", what, err)
}
