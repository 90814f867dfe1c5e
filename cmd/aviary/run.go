package main

import (
	"context"
	"fmt"
	"time"

	"k8s.io/client-go/kubernetes"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/access"
	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
	"aviary.dev/expander"
	"aviary.dev/inventory"
	"aviary.dev/openreports"
	"aviary.dev/policy/judge"
	"aviary.dev/rejudge"
	aviarywebhook "aviary.dev/webhook"
)

// run serves until ctx ends.
func run(ctx context.Context, o options) error {
	kinds := dialect.NewKinds(o.keys, gloo.Dialect{})
	behaviour, err := newBehaviour(ctx, o, kinds)
	if err != nil {
		return err
	}
	cluster, err := clusterConfig(o.kubeconfig)
	if err != nil {
		return err
	}
	writer, err := client.New(cluster, client.Options{Scheme: kinds.Scheme()})
	if err != nil {
		return fmt.Errorf("connect to %s: %w", cluster.Host, err)
	}
	live, err := inventory.NewCluster(cluster, kinds)
	if err != nil {
		return err
	}
	store := inventory.NewStore()
	watch, err := inventory.NewWatch(cluster, store, kinds)
	if err != nil {
		return err
	}
	m, err := newManager(cluster, o, kinds)
	if err != nil {
		return err
	}
	clients, err := kubernetes.NewForConfig(cluster)
	if err != nil {
		return err
	}
	recorder := recorder{m.GetEventRecorder("aviary")}
	own := &access.Own{Client: clients.AuthorizationV1(), Served: clients.Discovery(), Needs: needs(kinds)}
	keys := &labelKeyCheck{client: clients.AdmissionregistrationV1(), keys: o.keys}

	server := m.GetWebhookServer()
	serve := func(name string, h admission.Handler) {
		server.Register("/"+name, aviarywebhook.Timed(name, guard(aviarywebhook.Reviews(h), watch.Unsynced)))
	}
	serve("mutate", &aviarywebhook.Mutate{Kinds: kinds, Facts: store, Now: time.Now})
	serve("validate", &aviarywebhook.Validate{
		Judge: behaviour.judge, Facts: store, Live: live, Rights: access.NewReviews(clients.AuthorizationV1()),
		Tables: aviarywebhook.NewTables(store), Missing: own.Missing, Events: recorder, Now: time.Now,
		Log: aviarywebhook.Decisions(o.logDecisions),
	})
	e := &expander.Expander{
		Client: writer, Kinds: kinds, Store: store, Synced: watch.WaitForSync, Events: recorder, Now: time.Now,
		Behaviour: behaviour.expander,
		Exempt: func(namespace string) bool {
			return namespace == convention.SystemNamespace || namespace == o.namespace
		},
	}
	if err := e.SetupWithManager(m); err != nil {
		return err
	}
	own.Changed = func(missing []string) {
		m.GetLogger().Info("what keeps Aviary from writing siblings has changed", "missing", missing)
		e.All()
	}
	r := &rejudge.Rejudger{
		Judge: behaviour.judge, Store: store, Live: live, Synced: watch.WaitForSync, Events: recorder,
		Interval: o.auditInterval, Contested: e.Contested,
	}
	r.Listen()
	behaviour.events, behaviour.changed = recorder, func() { e.All(); r.All() }
	behaviour.comes = func(ctx context.Context, j *judge.Judge) { r.Reconfigured(ctx, j, behaviour.regarding) }
	reports := &openreports.Reports{Client: writer, Kinds: kinds, Findings: r}
	err = register(metrics.Registry, buildInfo(), e, behaviour.reloads, behaviour.good, newCertificates(o.certDir))
	if err != nil {
		return err
	}
	for _, part := range []manager.Runnable{watch, own, keys, behaviour, r, reports} {
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
func needs(kinds *dialect.Kinds) []access.Need {
	var out []access.Need
	for _, kind := range kinds.Written() {
		out = append(out, access.Need{Kind: kind.GroupVersionKind, Resource: kind.Resource, Install: "install Gloo's CRDs"})
	}
	return out
}
