package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/expander"
	"aviary.dev/inventory"
	aviarywebhook "aviary.dev/webhook"
)

// run serves until ctx ends.
func run(ctx context.Context, o options) error {
	behaviour, err := newBehaviour(ctx, o)
	if err != nil {
		return err
	}

	cluster, err := clusterConfig(o.kubeconfig)
	if err != nil {
		return err
	}
	scheme := inventory.NewScheme()
	live, err := client.New(cluster, client.Options{Scheme: scheme})
	if err != nil {
		return fmt.Errorf("connect to %s: %w", cluster.Host, err)
	}
	store := inventory.NewStore()
	watch, err := inventory.NewWatch(cluster, store, o.keys)
	if err != nil {
		return err
	}
	m, err := newManager(cluster, o)
	if err != nil {
		return err
	}

	server := m.GetWebhookServer()
	server.Register("/mutate", &admission.Webhook{Handler: &aviarywebhook.Mutate{Keys: o.keys, Facts: store, Now: time.Now}})
	server.Register("/validate", &admission.Webhook{Handler: &aviarywebhook.Validate{
		Judge: behaviour.judge, Facts: store, Live: live,
	}})
	e := &expander.Expander{
		Client: live, Store: store, Synced: watch.WaitForSync, Events: m.GetEventRecorder("aviary"), Now: time.Now,
		Behaviour: behaviour.expander,
	}
	behaviour.events, behaviour.changed = e.Events, e.All
	if err := m.Add(behaviour); err != nil {
		return err
	}
	if err := e.SetupWithManager(m); err != nil {
		return err
	}
	if err := m.Add(watch); err != nil {
		return err
	}
	if err := addChecks(m, server, watch); err != nil {
		return err
	}
	return m.Start(ctx)
}

// clusterConfig has no client-side rate limit: the API server's fairness is the better judge of what it can bear, and
// the number of workers bounds what is asked. It speaks JSON, the only form that Aviary's own types have.
func clusterConfig(kubeconfig string) (*rest.Config, error) {
	config, err := rest.InClusterConfig()
	if kubeconfig != "" {
		config, err = clientcmd.BuildConfigFromFlags("", kubeconfig)
	}
	if err != nil {
		return nil, fmt.Errorf("find the cluster (--kubeconfig, or a Pod's service account): %w", err)
	}
	config.QPS = -1
	config.ContentType = "application/json"
	return config, nil
}

func newManager(cluster *rest.Config, o options) (manager.Manager, error) {
	host, port, err := splitAddress(o.webhook)
	if err != nil {
		return nil, err
	}
	return ctrl.NewManager(cluster, ctrl.Options{
		Scheme:                        inventory.NewScheme(),
		Metrics:                       metricsserver.Options{BindAddress: o.metrics},
		HealthProbeBindAddress:        o.health,
		LeaderElection:                o.leaderElect,
		LeaderElectionID:              "aviary",
		LeaderElectionNamespace:       o.namespace,
		LeaderElectionReleaseOnCancel: true,
		WebhookServer: webhook.NewServer(webhook.Options{
			Host: host, Port: port, CertDir: o.certDir,
			TLSOpts: []func(*tls.Config){func(c *tls.Config) { c.MinVersion = tls.VersionTLS13 }},
		}),
	})
}

// addChecks makes the process ready once it answers over TLS and has seen every object: a replica that knows less than
// the others would decide otherwise.
func addChecks(m manager.Manager, server webhook.Server, watch *inventory.Watch) error {
	if err := m.AddHealthzCheck("ping", func(*http.Request) error { return nil }); err != nil {
		return err
	}
	if err := m.AddReadyzCheck("webhook", server.StartedChecker()); err != nil {
		return err
	}
	return m.AddReadyzCheck("inventory", func(*http.Request) error {
		if missing := watch.Unsynced(); len(missing) > 0 {
			return fmt.Errorf("not all objects have been seen yet of: %s", strings.Join(missing, ", "))
		}
		return nil
	})
}
