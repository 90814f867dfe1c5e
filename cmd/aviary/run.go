package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	metricsserver "sigs.k8s.io/controller-runtime/pkg/metrics/server"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/access"
	"aviary.dev/audit"
	"aviary.dev/expander"
	"aviary.dev/gloo"
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
	clients, err := kubernetes.NewForConfig(cluster)
	if err != nil {
		return err
	}
	metrics.Registry.MustRegister(buildInfo())
	registerCertificates(o.certDir)
	recorder := recorder{m.GetEventRecorder("aviary")}
	own := &access.Own{Client: clients.AuthorizationV1(), Served: clients.Discovery(), Needs: needs}
	keys := &labelKeyCheck{client: clients.AdmissionregistrationV1(), keys: o.keys}

	server := m.GetWebhookServer()
	serve := func(name string, h admission.Handler) {
		server.Register("/"+name, aviarywebhook.Timed(name, guard(aviarywebhook.Reviews(h), watch.Unsynced)))
	}
	serve("mutate", &aviarywebhook.Mutate{Keys: o.keys, Facts: store, Now: time.Now})
	serve("validate", &aviarywebhook.Validate{
		Judge: behaviour.judge, Facts: store, Live: live, Rights: access.NewReviews(clients.AuthorizationV1()),
		Missing: own.Missing, Events: recorder, Now: time.Now,
		Log: aviarywebhook.Decisions(o.logDecisions),
	})
	e := &expander.Expander{
		Client: live, Store: store, Synced: watch.WaitForSync, Events: recorder, Now: time.Now,
		Behaviour: behaviour.expander,
	}
	if err := e.SetupWithManager(m); err != nil {
		return err
	}
	own.Changed = func(missing []string) {
		m.GetLogger().Info("what keeps Aviary from keeping siblings has changed", "missing", missing)
		e.All()
	}
	standing := &audit.Standing{
		Judge: behaviour.judge, Store: store, Live: live, Synced: watch.WaitForSync, Events: recorder, Interval: o.auditInterval,
	}
	standing.Listen()
	behaviour.events, behaviour.changed = recorder, func() { e.All(); standing.All() }
	reports := &audit.Reports{Client: live, Standing: standing}
	for _, part := range []manager.Runnable{watch, own, keys, behaviour, standing, reports} {
		if err := m.Add(part); err != nil {
			return err
		}
	}
	if err := addChecks(m, server, watch, keys); err != nil {
		return err
	}
	return m.Start(ctx)
}

// needs are the kinds that Aviary writes.
var needs = []access.Need{
	{Kind: corev1.SchemeGroupVersion.WithKind(inventory.KindService), Resource: "services"},
	{Kind: gloo.GlooGroup.WithKind(gloo.KindUpstream), Resource: "upstreams"},
	{Kind: gloo.GatewayGroup.WithKind(gloo.KindRouteTable), Resource: "routetables"},
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

// retry is how often a replica asks whether it may lead: so long an app may wait for its siblings after a leader ended
// well, and a little longer for the jitter.
const retry = 500 * time.Millisecond

func newManager(cluster *rest.Config, o options) (manager.Manager, error) {
	host, port, err := splitAddress(o.webhook)
	if err != nil {
		return nil, err
	}
	ask, err := clientCertificates(o.clientCA)
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
		RetryPeriod:                   new(retry),
		WebhookServer: webhook.NewServer(webhook.Options{
			Host: host, Port: port, CertDir: o.certDir,
			TLSOpts: []func(*tls.Config){func(c *tls.Config) { c.MinVersion = tls.VersionTLS13 }, ask},
		}),
	})
}

// addChecks makes the process ready once it answers over TLS and has seen every object: a replica that knows less than
// the others would decide otherwise.
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
