// Command local runs Aviary on this machine against the cluster of the current kubeconfig: with a self-signed
// certificate, without an election of a leader, on addresses of this machine alone. What it writes for that is gone
// afterwards.
//
//	make run ARGS="--log-level=debug"
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"syscall"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
	certutil "k8s.io/client-go/util/cert"
)

const (
	webhookAddress = "127.0.0.1:9443"
	metricsAddress = "127.0.0.1:8080"
	healthAddress  = "127.0.0.1:8081"
)

const note = `the cluster is %s, of context %s

Aviary writes there what annotated apps need, and judges again what is stored. No webhook configuration leads to this
machine, so it judges no requests. Where another Aviary runs in that cluster, both write. Ctrl-C ends it.

  metrics  http://` + metricsAddress + `/metrics
  health   http://` + healthAddress + `/readyz

`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Stdout, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "local:", err)
		os.Exit(1)
	}
}

// run runs Aviary, args[0], until ctx ends. Flags that follow take the place of those that are set here.
func run(ctx context.Context, out io.Writer, args []string) error {
	if len(args) == 0 {
		return errors.New("say which program Aviary is, and its flags")
	}
	folder, err := os.MkdirTemp("", "aviary-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder) //nolint:errcheck // it is a temporary one
	config, err := currentContext(clientcmd.NewDefaultClientConfigLoadingRules())
	if err != nil {
		return err
	}
	kubeconfig := filepath.Join(folder, "kubeconfig")
	if err := clientcmd.WriteToFile(*config, kubeconfig); err != nil {
		return err
	}
	if err := writeCertificate(folder); err != nil {
		return err
	}
	fmt.Fprintf(out, note, config.Clusters[config.Contexts[config.CurrentContext].Cluster].Server, config.CurrentContext)
	flags := []string{
		"--kubeconfig=" + kubeconfig, "--cert-dir=" + folder, "--leader-elect=false",
		"--webhook-address=" + webhookAddress, "--metrics-address=" + metricsAddress, "--health-address=" + healthAddress,
	}
	aviary := exec.CommandContext(ctx, args[0], append(flags, args[1:]...)...) // #nosec G204 G702 -- its trade
	aviary.Stdout, aviary.Stderr = out, os.Stderr
	// Ctrl-C goes to a whole group of processes, and a second signal would end Aviary in the middle of a write.
	aviary.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	aviary.Cancel = func() error { return aviary.Process.Signal(syscall.SIGTERM) }
	if err := aviary.Run(); ctx.Err() == nil {
		return err
	}
	return nil
}

// currentContext returns what the kubeconfigs (KUBECONFIG, which may be a list, or ~/.kube/config) say of their current
// context. Its files have absolute paths, whichever folder they were named from.
func currentContext(rules *clientcmd.ClientConfigLoadingRules) (*api.Config, error) {
	rules.WarnIfAllMissing = false
	config, err := rules.Load()
	if err != nil {
		return nil, err
	}
	if config.CurrentContext == "" {
		return nil, fmt.Errorf("no kubeconfig has a current context (looked into %q): set KUBECONFIG, "+
			"or say kubectl config use-context", rules.GetLoadingPrecedence())
	}
	if err := api.MinifyConfig(config); err != nil {
		return nil, fmt.Errorf("context %s of the kubeconfig: %w", config.CurrentContext, err)
	}
	return config, nil
}

// writeCertificate writes tls.crt and tls.key for this machine's own address.
func writeCertificate(folder string) error {
	cert, key, err := certutil.GenerateSelfSignedCertKey("localhost", []net.IP{net.IPv4(127, 0, 0, 1)}, nil)
	if err != nil {
		return err
	}
	for name, text := range map[string][]byte{"tls.crt": cert, "tls.key": key} {
		if err := os.WriteFile(filepath.Join(folder, name), text, 0o600); err != nil {
			return err
		}
	}
	return nil
}
