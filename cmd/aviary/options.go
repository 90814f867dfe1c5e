package main

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"strings"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/apimachinery/pkg/util/validation"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"

	"aviary.dev/convention"
)

// options are the settings of the process; what Aviary does is in the configuration file.
type options struct {
	config, certDir, kubeconfig, namespace string
	webhook, metrics, health               string
	labelKeys                              string
	leaderElect                            bool
	logLevel                               string

	keys convention.LabelKeys
}

func command() *cobra.Command {
	var o options
	c := &cobra.Command{
		Use:   "aviary",
		Short: "Keep canary rollouts safe: admission webhooks and the controller that keeps each app's siblings",
		Long: `aviary serves the admission webhooks /mutate and /validate over TLS and, on the replica that leads, keeps the
Service, Gloo Upstream and Gloo RouteTable of every annotated app. It runs in the cluster; see manifests/.`,
		Args: cobra.NoArgs, SilenceUsage: true, SilenceErrors: true,
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.complete(); err != nil {
				return err
			}
			return run(c.Context(), o)
		},
	}
	f := c.Flags()
	f.StringVar(&o.config, "config", "", "the configuration file; without one every rule has its default")
	f.StringVar(&o.certDir, "cert-dir", "/etc/aviary/tls", "the folder of tls.crt and tls.key, which are reloaded when they change")
	f.StringVar(&o.kubeconfig, "kubeconfig", "", "a kubeconfig; without one the Pod's service account is used")
	f.StringVar(&o.namespace, "namespace", "aviary-system", "the Namespace of the leader's Lease")
	f.StringVar(&o.webhook, "webhook-address", ":9443", "where the webhooks listen")
	f.StringVar(&o.metrics, "metrics-address", ":8080", "where /metrics listens; 0 turns it off")
	f.StringVar(&o.health, "health-address", ":8081", "where /healthz and /readyz listen; 0 turns them off")
	f.StringVar(&o.labelKeys, "label-keys", convention.DefaultLabelKeys().String(), "the keys of the labels; the manifests' match conditions must name the same")
	f.BoolVar(&o.leaderElect, "leader-elect", true, "elect one replica to write; off only where there is one")
	f.StringVar(&o.logLevel, "log-level", "info", "debug, info, warn or error")
	return c
}

func (o *options) complete() error {
	var err error
	if o.keys, err = parseLabelKeys(o.labelKeys); err != nil {
		return fmt.Errorf("--label-keys %q: %w", o.labelKeys, err)
	}
	var level slog.Level
	if err := level.UnmarshalText([]byte(o.logLevel)); err != nil {
		return fmt.Errorf("--log-level %q must be debug, info, warn or error", o.logLevel)
	}
	log := logr.FromSlogHandler(slog.NewJSONHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	ctrl.SetLogger(log)
	klog.SetLogger(log)
	return nil
}

// parseLabelKeys reads app=…,version=…,apiGroup=…; what is not named keeps its default.
func parseLabelKeys(text string) (convention.LabelKeys, error) {
	keys := convention.DefaultLabelKeys()
	into := map[string]*string{"app": &keys.App, "version": &keys.Version, "apiGroup": &keys.APIGroup}
	for part := range strings.SplitSeq(text, ",") {
		name, key, _ := strings.Cut(part, "=")
		if into[name] == nil {
			return keys, fmt.Errorf("%q must be app=KEY, version=KEY or apiGroup=KEY", part)
		}
		if errs := validation.IsQualifiedName(key); len(errs) > 0 {
			return keys, fmt.Errorf("%q must be a label key: %s", key, strings.Join(errs, "; "))
		}
		*into[name] = key
	}
	return keys, nil
}

func splitAddress(address string) (host string, port int, err error) {
	host, text, err := net.SplitHostPort(address)
	if err == nil {
		port, err = strconv.Atoi(text)
	}
	if err != nil {
		return "", 0, fmt.Errorf("--webhook-address %q must be [HOST]:PORT", address)
	}
	return host, port, nil
}
