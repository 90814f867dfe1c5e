package main

import (
	"context"

	"github.com/go-logr/logr"
	"github.com/spf13/cobra"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"
)

// newEmpty returns the command of the webhook that Aviary is compared with: controller-runtime's
// server and a handler that only allows.
func newEmpty() *cobra.Command {
	var o webhook.Options
	cmd := &cobra.Command{
		Use: "empty", Hidden: true, Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			ctrl.SetLogger(logr.Discard())
			server := webhook.NewServer(o)
			server.Register("/validate", &admission.Webhook{Handler: admission.HandlerFunc(
				func(context.Context, admission.Request) admission.Response { return admission.Allowed("") },
			)})
			return server.Start(cmd.Context())
		},
	}
	cmd.Flags().StringVar(&o.Host, "host", "", "the address to listen on")
	cmd.Flags().IntVar(&o.Port, "port", 9443, "the port")
	cmd.Flags().StringVar(&o.CertDir, "cert-dir", "", "the folder of its certificate")
	return cmd
}
