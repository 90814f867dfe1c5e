package stories

import (
	"bytes"
	"net"
	"path/filepath"
	"syscall"
	"time"

	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

// auditUnreachable runs the audit where no cluster is configured, or where it doesn't answer.
func (p cli) auditUnreachable() {
	p.Helper()
	p.step("no cluster")
	none := p
	none.env = []string{"HOME=" + p.TempDir()}
	p.mustSay("no kubeconfig", none.audit("-A"), 2, "error: no cluster", "-f FILE")
	p.mustSay("a missing kubeconfig", p.audit("--kubeconfig=/nowhere/config"), 2, "/nowhere/config")
	p.mustSay("an unknown context", p.audit("--context=prod"), 2, "prod")
	p.mustSay("nobody listens", p.audit("--server=https://127.0.0.1:1"), 2,
		"https://127.0.0.1:1", "does not answer", "refused")
	p.mustSay("an unknown host", p.audit("--server=https://aviary.invalid"), 2, "aviary.invalid", "does not answer")
	p.mustSay("a certificate of another CA", p.withOtherCA().audit("-A"), 2, "certificate")
	p.mustSay("an unknown token", p.withUnknownToken().audit("-A"), 2, "the cluster does not know you")

	p.step("a cluster that never answers, and Ctrl-C")
	silent := "--server=https://" + p.silentServer().Addr().String()
	p.mustSay("a time-out", p.audit("--request-timeout=1s", silent), 2, "does not answer")
	listener := p.silentServer()
	cmd := p.command(p.Context(), "-A", "--server=https://"+listener.Addr().String())
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	p.must(cmd.Start())
	if _, err := listener.Accept(); err != nil {
		p.Fatal(err)
	}
	began := time.Now()
	p.must(cmd.Process.Signal(syscall.SIGINT))
	_ = cmd.Wait() // The exit code is checked below.
	p.mustSay("Ctrl-C", cliRun{code: cmd.ProcessState.ExitCode(), stderr: stderr.String()}, 130, "interrupted")
	if took := time.Since(began); took > 5*time.Second {
		p.Errorf("Ctrl-C took %s", took)
	}
}

// silentServer accepts connections and never answers.
func (p cli) silentServer() net.Listener {
	p.Helper()
	listener, err := (&net.ListenConfig{}).Listen(p.Context(), "tcp", "127.0.0.1:0")
	p.must(err)
	p.Cleanup(func() { _ = listener.Close() })
	return listener
}

// withUnknownToken returns the command with a token that the API server doesn't know.
func (p cli) withUnknownToken() cli {
	return p.withChangedKubeconfig(func(c *clientcmdapi.Config) {
		for name := range c.AuthInfos {
			c.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: "none"}
		}
	})
}

// withOtherCA returns the command with a CA that has not signed the API server's certificate.
func (p cli) withOtherCA() cli {
	return p.withChangedKubeconfig(func(c *clientcmdapi.Config) {
		for _, cluster := range c.Clusters {
			cluster.CertificateAuthority, cluster.CertificateAuthorityData = "", p.aviary.CA.CertPEM
		}
	})
}

// withChangedKubeconfig returns the command with a changed copy of the story's kubeconfig.
func (p cli) withChangedKubeconfig(change func(*clientcmdapi.Config)) cli {
	p.Helper()
	config, err := clientcmd.LoadFromFile(p.Kubeconfig)
	p.must(err)
	change(config)
	path := filepath.Join(p.TempDir(), "kubeconfig")
	p.must(clientcmd.WriteToFile(*config, path))
	return p.withKubeconfig(path)
}
