package main

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"

	"aviary.dev/dialect"
	"aviary.dev/inventory"
)

// clusterConfig has no client-side rate limit: the API server's fairness is the better judge of
// what it can bear, and the number of workers bounds what is asked. It speaks JSON, the only form
// that Aviary's own types have.
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

// retry is how often a replica asks whether it may lead: so long an app may wait for its siblings
// after a leader ended well, and a little longer for the jitter.
const retry = 500 * time.Millisecond

func newManager(cluster *rest.Config, o options, kinds *dialect.Kinds) (manager.Manager, error) {
	host, port, err := splitAddress(o.webhook)
	if err != nil {
		return nil, err
	}
	ask, err := clientCertificates(o.clientCA)
	if err != nil {
		return nil, err
	}
	return ctrl.NewManager(cluster, ctrl.Options{
		Scheme:                        kinds.Scheme(),
		Metrics:                       metricsserver.Options{BindAddress: o.metrics},
		HealthProbeBindAddress:        o.health,
		LeaderElection:                o.leaderElect,
		LeaderElectionID:              "aviary",
		LeaderElectionNamespace:       o.namespace,
		LeaderElectionReleaseOnCancel: true,
		RetryPeriod:                   new(retry),
		WebhookServer: webhook.NewServer(webhook.Options{
			Host: host, Port: port, CertDir: o.certDir,
			TLSOpts: []func(*tls.Config){func(c *tls.Config) { c.MinVersion = tls.VersionTLS13 }, ask},
		}),
	})
}

// addChecks makes the process ready once it answers over TLS and has seen every object: a replica
// that knows less than the others would decide otherwise.
func addChecks(m manager.Manager, server webhook.Server, watch *inventory.Watch, keys *labelKeyCheck) error {
	if err := m.AddHealthzCheck("ping", func(*http.Request) error { return nil }); err != nil {
		return err
	}
	if err := m.AddReadyzCheck("webhook", server.StartedChecker()); err != nil {
		return err
	}
	if err := m.AddReadyzCheck("label-keys", keys.ready); err != nil {
		return err
	}
	return m.AddReadyzCheck("inventory", func(*http.Request) error {
		if missing := watch.Unsynced(); len(missing) > 0 {
			return fmt.Errorf("not all objects have been seen yet of: %s", strings.Join(missing, ", "))
		}
		return nil
	})
}
