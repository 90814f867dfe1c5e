package main

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	contexts = `apiVersion: v1
kind: Config
current-context: dev
contexts:
- {name: dev, context: {cluster: near, user: jane}}
- {name: prod, context: {cluster: far, user: jane}}
users:
- {name: jane, user: {token: secret}}
`
	clusters = `apiVersion: v1
kind: Config
clusters:
- {name: near, cluster: {server: "https://127.0.0.1:6443", certificate-authority: ca.crt}}
- {name: far, cluster: {server: "https://far.example"}}
`
)

// TestMain makes this program stand in for Aviary where TestRun starts it.
func TestMain(m *testing.M) {
	if os.Getenv("STANDS_IN") == "" {
		os.Exit(m.Run())
	}
	ended := make(chan os.Signal, 1)
	signal.Notify(ended, syscall.SIGTERM)
	flags := map[string]string{}
	for _, arg := range os.Args[1:] {
		name, value, _ := strings.Cut(arg, "=")
		flags[name] = value
	}
	config, err := clientcmd.BuildConfigFromFlags("", flags["--kubeconfig"])
	if err == nil {
		_, err = tls.LoadX509KeyPair(flags["--cert-dir"]+"/tls.crt", flags["--cert-dir"]+"/tls.key")
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	fmt.Println("host", config.Host, config.BearerToken, config.CAFile)
	fmt.Println("flags", flags["--leader-elect"], flags["--log-level"], os.Args[len(os.Args)-1])
	<-ended
	fmt.Println("ended")
}

// TestRun has a list of kubeconfigs, of which the current context alone is used, wherever its files stand.
func TestRun(t *testing.T) {
	one, two, temporary := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, filepath.Join(one, "config"), contexts)
	write(t, filepath.Join(two, "config"), clusters)
	write(t, filepath.Join(two, "ca.crt"), "")
	t.Setenv("KUBECONFIG", filepath.Join(one, "config")+string(filepath.ListSeparator)+filepath.Join(two, "config"))
	t.Setenv("TMPDIR", temporary)
	t.Setenv("STANDS_IN", "1")
	ctx, stop := context.WithCancel(t.Context())
	in, out := io.Pipe()
	ended := make(chan error, 1)
	go func() {
		err := run(ctx, out, []string{os.Args[0], "--log-level=debug"})
		_ = out.Close()
		ended <- err
	}()
	var got []string
	for lines := bufio.NewScanner(in); lines.Scan(); {
		got = append(got, lines.Text())
		if strings.HasPrefix(lines.Text(), "flags") {
			stop()
		}
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if first := "the cluster is https://127.0.0.1:6443, of context dev"; len(got) == 0 || got[0] != first {
		t.Errorf("got %q, want %q first", got, first)
	}
	last := []string{
		"host https://127.0.0.1:6443 secret " + filepath.Join(two, "ca.crt"), "flags false debug --log-level=debug", "ended",
	}
	if diff := cmp.Diff(last, got[max(0, len(got)-len(last)):]); diff != "" {
		t.Errorf("what stands in for Aviary says (-want +got):\n%s", diff)
	}
	if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v (%v)", left, err)
	}
}

func TestNoCurrentContext(t *testing.T) {
	file := filepath.Join(t.TempDir(), "config")
	for name, c := range map[string]struct{ text, want string }{
		"no file":           {want: `no kubeconfig has a current context (looked into ["` + file + `"]): set`},
		"no context":        {text: clusters, want: "no kubeconfig has a current context"},
		"unknown cluster":   {text: contexts, want: `context dev of the kubeconfig: cannot locate cluster near`},
		"not a kubeconfig":  {text: "[", want: "yaml: "},
		"a context unknown": {text: "current-context: prod\n", want: "cannot locate context prod"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("KUBECONFIG", file)
			if c.text != "" {
				write(t, file, c.text)
			}
			t.Cleanup(func() { _ = os.Remove(file) })
			if err := run(t.Context(), io.Discard, []string{"aviary"}); err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, want %q", err, c.want)
			}
		})
	}
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
