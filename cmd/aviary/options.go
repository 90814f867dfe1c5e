package main

import (
	"fmt"
	"log/slog"
	"net"
	"os"
	"strconv"
	"time"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	"k8s.io/klog/v2"
	ctrl "sigs.k8s.io/controller-runtime"

	"aviary.dev/convention"
	aviarywebhook "aviary.dev/webhook"
)

// options are the settings of the process; what Aviary does is in the configuration file.
type options struct {
	config, certDir, kubeconfig, namespace string
	webhook, metrics, health               string
	labelKeys                              string
	leaderElect                            bool
	auditInterval                          time.Duration
	clientCA                               string
	logDecisions                           string
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
		CompletionOptions: cobra.CompletionOptions{DisableDefaultCmd: true},
		RunE: func(c *cobra.Command, _ []string) error {
			if err := o.complete(); err != nil {
				return err
			}
			return run(c.Context(), o)
		},
	}
	c.AddCommand(versionCommand())
	f := c.Flags()
	f.StringVar(&o.config, "config", "", "the configuration file; without one every rule has its default")
	f.StringVar(&o.certDir, "cert-dir", "/etc/aviary/tls",
		"the folder of tls.crt and tls.key, which are reloaded when they change")
	f.StringVar(&o.kubeconfig, "kubeconfig", "", "a kubeconfig; without one the Pod's service account is used")
	f.StringVar(&o.namespace, "namespace", "aviary-system", "the Namespace of the leader's Lease")
	f.StringVar(&o.webhook, "webhook-address", ":9443", "where the webhooks listen")
	f.StringVar(&o.metrics, "metrics-address", ":8080", "where /metrics listens; 0 turns it off")
	f.StringVar(&o.health, "health-address", ":8081", "where /healthz and /readyz listen; 0 turns them off")
	f.StringVar(&o.labelKeys, "label-keys", convention.DefaultLabelKeys().String(),
		"the keys of the labels; the manifests' match conditions must name the same")
	f.BoolVar(&o.leaderElect, "leader-elect", true, "elect one replica to write; off only where there is one")
	f.DurationVar(&o.auditInterval, "audit-interval", 10*time.Minute,
		"how often the leader judges everything anew; what changes is judged at once")
	f.StringVar(&o.clientCA, "client-ca-file", "",
		"certificates of the CA that the API server's client certificate must be signed by; without it none is asked for")
	f.StringVar(&o.logDecisions, "log-decisions", string(aviarywebhook.NotableDecisions),
		"notable: a line for what was refused, overridden or excepted; all: for every request")
	f.StringVar(&o.logLevel, "log-level", "info", "debug, info, warn or error")
	return c
}

func (o *options) complete() error {
	var err error
	if o.keys, err = convention.ParseLabelKeys(o.labelKeys); err != nil {
		return fmt.Errorf("--label-keys %q: %w", o.labelKeys, err)
	}
	if o.auditInterval < time.Minute {
		return fmt.Errorf("--audit-interval %s must be a minute at least", o.auditInterval)
	}
	switch aviarywebhook.Decisions(o.logDecisions) {
	case aviarywebhook.NotableDecisions, aviarywebhook.AllDecisions:
	default:
		return fmt.Errorf("--log-decisions %q must be notable or all", o.logDecisions)
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
