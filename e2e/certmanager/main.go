// Command certmanager is cert-manager's own controller and cainjector in one
// small binary, so that the end-to-end tests use the real thing where no image
// registry can be reached: cert-manager's cmd/* modules are not published, but
// the packages they are made of are.
//
// It holds what manifests/cert-manager asks of cert-manager and no more: the
// SelfSigned and CA issuers, Certificates, CertificateRequests (all of them
// approved) and the injection of CA bundles. Left out are ACME, Vault, Venafi
// (its client can't be fetched as a module), ClusterIssuers, leader election,
// and cert-manager's webhook together with its webhook configurations: without
// those, defaults come from the CRDs and nothing is validated.
//
//	CGO_ENABLED=0 go build -trimpath -ldflags "-s -w" -o ../bin/certmanager .
//	kubectl apply --server-side -f "$(go list -m -f '{{.Dir}}' github.com/cert-manager/cert-manager)/deploy/crds/"
//	KUBECONFIG=admin.conf ../bin/certmanager controller &
//	KUBECONFIG=admin.conf ../bin/certmanager cainjector &
//
// The CRDs come first (the ones for ACME as well: they stand in the same folder
// and do no harm) and go in by server-side apply, being too large for the
// last-applied annotation. Without KUBECONFIG the in-cluster configuration is
// used.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	logf "github.com/cert-manager/cert-manager/pkg/logs"
	"github.com/go-logr/logr"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Getenv("KUBECONFIG"))
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "certmanager:", err)
		os.Exit(1)
	}
}

var errUsage = errors.New("usage: certmanager controller|cainjector (with KUBECONFIG in the environment)")

func run(ctx context.Context, args []string, kubeconfig string) error {
	if len(args) != 1 {
		return errUsage
	}
	log := klog.NewKlogr().WithName(args[0])
	ctrl.SetLogger(log)
	logf.Log = log
	ctx = logr.NewContext(ctx, log)

	var start func(context.Context, string) error
	switch args[0] {
	case "controller":
		start = runController
	case "cainjector":
		start = runInjector
	default:
		return errUsage
	}
	if err := start(ctx, kubeconfig); err != nil && ctx.Err() == nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	return nil
}

// probeTimeout bounds the first call, which tells "no cluster there" from all
// that may go wrong later.
const probeTimeout = 10 * time.Second
