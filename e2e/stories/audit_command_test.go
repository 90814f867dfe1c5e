package stories

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// TestAuditCommand runs the audit against a live cluster: as the administrator, with few rights,
// and without a cluster that answers.
func TestAuditCommand(t *testing.T) {
	t.Parallel()
	s := begin(t, "audit-command")
	p := s.cli()
	s.shiftHalf()
	bypass := s.bypass()
	s.must(bypass.create(t.Context(), s.table("bad", destination{"v1", 60}, destination{"v2", 30})))
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
	const odd = "version-deployed RouteTable odd"
	off := v("v1", "role=primary")
	off.replicas = "0"
	write := func(name, text string) string {
		path := filepath.Join(t.TempDir(), name)
		s.must(os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	for what, x := range map[string]struct {
		file  string
		found []string
	}{
		"the file repairs it":           {s.table("bad", destination{"v1", 70}, destination{"v2", 30}), nil},
		"only the file is judged":       {s.table("good", destination{"v1", 70}, destination{"v2", 30}), nil},
		"what is live counts for it":    {s.table("odd", destination{"v9", 0}), []string{odd}},
		"a version that comes with it":  {v("v9", "role=standby").String() + s.table("new", destination{"v9", 0}), nil},
		"a Deployment that strands one": {off.String(), nil},
	} {
		r := p.audit("--with-cluster", ns, "-f", write("file.yaml", x.file))
		slices.Sort(r.found)
		if diff := cmp.Diff(x.found, r.found); diff != "" {
			t.Errorf("%s: -want +got\n%s%s", what, diff, r.stderr)
		}
	}

	s.step("more than one page of a list")
	const many = 510 // A page has 500.
	groups := s.clientOf("UpstreamGroup")
	for i := range many {
		text := fmt.Sprintf(upstreamGroup, fmt.Sprintf("group-%d", i), 1, s.namespace)
		_, err := bypass.clientOf("UpstreamGroup").Create(t.Context(), decode(t, text)[0], metav1.CreateOptions{})
		s.must(err)
	}
	r := p.audit(ns)
	if got := len(r.found); got != many+1 {
		t.Errorf("%d findings, must be %d", got, many+1)
	}
	s.must(groups.DeleteCollection(t.Context(), metav1.DeleteOptions{}, metav1.ListOptions{}))

	s.step("few rights")
	reads := "list deployments.apps statefulsets.apps daemonsets.apps services upstreams.gloo.solo.io " +
		"upstreamgroups.gloo.solo.io routetables.gateway.solo.io virtualservices.gateway.solo.io"
	reader := p.withKubeconfig(s.user("reader", reads).userKubeconfig)
	p.mustSay("all namespaces, a right in one", reader.audit("-A"), 2,
		"may not be listed", `User "reader"`, "say -n NAMESPACE")
	r = reader.audit(ns)
	p.mustSay("the one namespace", r, 1, "only namespace "+s.namespace+" may be read")
	if !slices.Contains(r.found, bad) {
		t.Errorf("findings %v must have %s", r.found, bad)
	}
	file := write("odd.yaml", s.table("odd", destination{"v9", 0}))
	r = reader.audit("--with-cluster", ns, "-f", file)
	p.mustSay("files over the one namespace", r, 1, "only namespace "+s.namespace+" may be read")
	if diff := cmp.Diff([]string{odd}, r.found); diff != "" {
		t.Errorf("files over the one namespace: -want +got\n%s", diff)
	}
	nobody := p.withKubeconfig(s.user("nobody").userKubeconfig)
	p.mustSay("no right at all", nobody.audit(ns), 2, "may not be listed", `User "nobody"`)
	p.auditUnreachable()
}
