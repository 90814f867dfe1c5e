package stories

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"

	"aviary.dev/e2e/aviary"
)

// cli is the kubectl-canary binary as a user runs it.
type cli struct {
	*story
	path       string
	env, flags []string
}

// cliRun is the result of one run.
type cliRun struct {
	code           int
	stdout, stderr string
	// found are the findings of mode deny, as "rule Kind name". Warnings are left out because they
	// depend on the objects of other stories.
	found []string
}

func (s *story) cli() cli {
	s.Helper()
	path, err := aviary.BuildProgram(s.Context(), "kubectl-canary", testWriter{s.T})
	if err != nil {
		s.Fatal(err)
	}
	p := cli{s, path, []string{"HOME=" + s.TempDir(), "KUBECONFIG=" + s.Kubeconfig}, nil}
	if s.aviary != nil {
		p.flags = []string{"--config=" + s.aviary.ConfigFile()}
	}
	return p
}

// command returns an audit command that prints JSON.
func (p cli) command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, p.path, append(append([]string{"audit", "-o", "json"}, p.flags...), args...)...) //nolint:gosec // because it is the binary under test.
	cmd.Env = p.env
	return cmd
}

func (p cli) audit(args ...string) (r cliRun) {
	p.Helper()
	cmd := p.command(p.Context(), args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		r.code = exit.ExitCode()
	} else if err != nil {
		p.Fatal(err)
	}
	r.stdout, r.stderr = stdout.String(), stderr.String()
	var report struct {
		Findings []struct{ Rule, Mode, Kind, Namespace, Name string }
	}
	if r.code < 2 && json.Unmarshal(stdout.Bytes(), &report) != nil {
		p.Errorf("audit %v prints no JSON:\n%s%s", args, &stdout, &stderr)
	}
	for _, f := range report.Findings {
		if f.Namespace == p.namespace && f.Mode == "deny" {
			r.found = append(r.found, f.Rule+" "+f.Kind+" "+f.Name)
		}
	}
	return r
}

// mustSay checks the exit code, that stderr contains the parts, and that an error is one to three
// lines without Go's internals.
func (p cli) mustSay(what string, r cliRun, code int, parts ...string) {
	p.Helper()
	if r.code != code {
		p.Errorf("%s: exit code %d, must be %d\n%s%s", what, r.code, code, r.stdout, r.stderr)
	}
	for _, part := range parts {
		if !strings.Contains(r.stderr, part) {
			p.Errorf("%s: stderr must say %q, says\n%s", what, part, r.stderr)
		}
	}
	for _, bad := range []string{"goroutine", "panic", "nil", "0x", "*errors", "main.go"} {
		if strings.Contains(r.stderr, bad) {
			p.Errorf("%s: stderr has %q in it:\n%s", what, bad, r.stderr)
		}
	}
	if lines := strings.Count(r.stderr, "\n"); code == 2 && (lines < 1 || lines > 3) {
		p.Errorf("%s: it says %d lines, must be one to three:\n%s", what, lines, r.stderr)
	}
	p.Logf("%s: exit code %d: %s", what, r.code, strings.TrimSpace(r.stderr))
}

// TestAuditCommand runs the audit against a live cluster: as the administrator, with few rights,
// and without a cluster that answers.
func TestAuditCommand(t *testing.T) {
	t.Parallel()
	s := begin(t, "audit-command")
	p := s.cli()
	s.shiftHalf()
	past := s.bypass()
	s.must(past.create(t.Context(), s.table("bad", destination{"v1", 60}, destination{"v2", 30})))
	const bad = "weights-sum RouteTable bad"
	ns := "--namespace=" + s.namespace

	s.step("what is live")
	for what, args := range map[string][]string{"one namespace": {ns}, "all of them": {"-A"}} {
		r := p.audit(args...)
		p.mustSay(what, r, 1)
		if diff := cmp.Diff([]string{bad}, r.found); diff != "" {
			t.Errorf("%s: -want +got\n%s", what, diff)
		}
	}

	s.step("files over what is live")
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		s.must(os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for what, x := range map[string]struct {
		file  string
		found []string
	}{
		"the file mends it":             {s.table("bad", destination{"v1", 70}, destination{"v2", 30}), nil},
		"only the file is judged":       {s.table("good", destination{"v1", 70}, destination{"v2", 30}), nil},
		"what is live counts for it":    {s.table("odd", destination{"v9", 0}), []string{"version-deployed RouteTable odd"}},
		"a version that comes with it":  {v("v9", "role=standby").String() + s.table("new", destination{"v9", 0}), nil},
		"a Deployment that strands one": {replace(v("v1", "role=primary").String(), "spec:\n", "spec:\n  replicas: 0\n"), nil},
	} {
		r := p.audit("--with-cluster", ns, "-f", write("file.yaml", x.file))
		slices.Sort(r.found)
		if diff := cmp.Diff(x.found, r.found); diff != "" {
			t.Errorf("%s: -want +got\n%s%s", what, diff, r.stderr)
		}
	}

	s.step("more than a page")
	const many = 510 // a page is 500
	groups := s.objects.Resource(kinds["UpstreamGroup"]).Namespace(s.namespace)
	for i := range many {
		text := fmt.Sprintf("apiVersion: gloo.solo.io/v1\nkind: UpstreamGroup\nmetadata: {name: group-%d}\nspec: {destinations: "+
			"[{weight: 1, destination: {upstream: {name: echo, namespace: %s}, subset: {values: {version: v1}}}}]}", i, s.namespace)
		_, err := past.objects.Resource(kinds["UpstreamGroup"]).Namespace(s.namespace).Create(t.Context(), decode(t, text)[0], metav1.CreateOptions{})
		s.must(err)
	}
	r := p.audit(ns)
	if got := len(r.found); got != many+1 {
		t.Errorf("%d findings, must be %d", got, many+1)
	}
	s.must(groups.DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}))

	s.step("little to read by")
	reads := "list deployments.apps statefulsets.apps daemonsets.apps services upstreams.gloo.solo.io " +
		"upstreamgroups.gloo.solo.io routetables.gateway.solo.io virtualservices.gateway.solo.io"
	reader := p.withKubeconfig(s.user("reader", reads).userKubeconfig)
	p.mustSay("all namespaces, a right in one", reader.audit("-A"), 2, "may not be listed", `User "reader"`, "say -n NAMESPACE")
	r = reader.audit(ns)
	p.mustSay("the one namespace", r, 1, "only namespace "+s.namespace+" may be read")
	if !slices.Contains(r.found, bad) {
		t.Errorf("findings %v must have %s", r.found, bad)
	}
	odd := write("odd.yaml", s.table("odd", destination{"v9", 0}))
	r = reader.audit("--with-cluster", ns, "-f", odd)
	p.mustSay("files over the one namespace", r, 1, "only namespace "+s.namespace+" may be read")
	if diff := cmp.Diff([]string{"version-deployed RouteTable odd"}, r.found); diff != "" {
		t.Errorf("files over the one namespace: -want +got\n%s", diff)
	}
	p.mustSay("no right at all", p.withKubeconfig(s.user("nobody").userKubeconfig).audit(ns), 2, "may not be listed", `User "nobody"`)
	p.auditUnreachable()
}

// auditUnreachable runs the audit where no cluster is configured, or where it doesn't answer.
func (p cli) auditUnreachable() {
	p.Helper()
	p.step("no cluster")
	none := p
	none.env = []string{"HOME=" + p.TempDir()}
	p.mustSay("no kubeconfig", none.audit("-A"), 2, "error: no cluster", "-f FILE")
	p.mustSay("a kubeconfig that is not there", p.audit("--kubeconfig=/nowhere/config"), 2, "/nowhere/config")
	p.mustSay("a context that is not there", p.audit("--context=prod"), 2, "prod")
	p.mustSay("nobody listens", p.audit("--server=https://127.0.0.1:1"), 2, "https://127.0.0.1:1", "does not answer", "refused")
	p.mustSay("a host that is not there", p.audit("--server=https://aviary.invalid"), 2, "aviary.invalid", "does not answer")
	p.mustSay("somebody else's certificate", p.withOtherCA().audit("-A"), 2, "certificate")
	p.mustSay("a token that is none", p.withUnknownToken().audit("-A"), 2, "the cluster does not know you")

	p.step("one that never answers, and Ctrl-C")
	p.mustSay("a time-out", p.audit("--request-timeout=1s", "--server=https://"+p.silentServer().Addr().String()), 2, "does not answer")
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
	_ = cmd.Wait() // its exit code says it
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

// withKubeconfig returns the command with another kubeconfig.
func (p cli) withKubeconfig(kubeconfig string) cli {
	p.env = []string{"HOME=" + p.TempDir(), "KUBECONFIG=" + kubeconfig}
	return p
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

func (p cli) withUnknownToken() cli {
	return p.withChangedKubeconfig(func(c *clientcmdapi.Config) {
		for name := range c.AuthInfos {
			c.AuthInfos[name] = &clientcmdapi.AuthInfo{Token: "none"}
		}
	})
}

func (p cli) withOtherCA() cli {
	return p.withChangedKubeconfig(func(c *clientcmdapi.Config) {
		for _, cluster := range c.Clusters {
			cluster.CertificateAuthority, cluster.CertificateAuthorityData = "", p.aviary.CA.CertPEM
		}
	})
}

// testAuditWithoutGloo audits a cluster that doesn't serve Gloo's kinds.
func testAuditWithoutGloo(t *testing.T, plane *plane) {
	s := beginOn(t, plane, "audit-without-gloo")
	const labels = `{app: echo, version: v1}`
	s.apply("{apiVersion: apps/v1, kind: Deployment, metadata: {name: echo-v1, annotations: {aviary.dev/app: echo, aviary.dev/weight: '101'}}, " +
		"spec: {selector: {matchLabels: " + labels + "}, template: {metadata: {labels: " + labels + "}, spec: {containers: [{name: echo, image: none, " +
		"ports: [{containerPort: 80}]}]}}}}").mustSucceed()
	p := s.cli()
	r := p.audit("--namespace=" + s.namespace)
	p.mustSay("no Gloo", r, 1, "the cluster does not serve Upstream, UpstreamGroup, RouteTable, VirtualService; skipped")
	if diff := cmp.Diff([]string{"annotations-valid Deployment echo-v1"}, slices.Compact(r.found)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
