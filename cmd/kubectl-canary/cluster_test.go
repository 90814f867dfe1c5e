package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// cluster is an API server as far as an audit sees one: discovery, and lists in pages of two.
type cluster struct {
	objects   map[string][]string // by path without the namespace, "apis/apps/v1/deployments"
	forbidden map[string]bool     // by path
	gloo      bool

	mu    sync.Mutex
	pages int
}

func (c *cluster) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	path := strings.Trim(r.URL.Path, "/")
	groups := []string{"apps"}
	if c.gloo {
		groups = append(groups, "gateway.solo.io", "gloo.solo.io")
	}
	resources := map[string]string{
		"api/v1":                  "Namespace:namespaces Service:services Pod:pods",
		"apis/apps/v1":            "Deployment:deployments StatefulSet:statefulsets DaemonSet:daemonsets",
		"apis/gateway.solo.io/v1": "RouteTable:routetables VirtualService:virtualservices",
		"apis/gloo.solo.io/v1":    "Upstream:upstreams UpstreamGroup:upstreamgroups",
	}
	switch list, ok := resources[path]; {
	case path == "api":
		_, _ = fmt.Fprint(w, `{"kind": "APIVersions", "versions": ["v1"]}`)
	case path == "apis":
		var items []string
		for _, g := range groups {
			items = append(items, fmt.Sprintf(`{"name": %q, "versions": [{"groupVersion": "%s/v1", "version": "v1"}], "preferredVersion": {"groupVersion": "%s/v1", "version": "v1"}}`, g, g, g))
		}
		_, _ = fmt.Fprintf(w, `{"kind": "APIGroupList", "apiVersion": "v1", "groups": [%s]}`, strings.Join(items, ","))
	case ok && (c.gloo || !strings.Contains(path, "solo.io")):
		var items []string
		for r := range strings.FieldsSeq(list) {
			kind, name, _ := strings.Cut(r, ":")
			items = append(items, fmt.Sprintf(`{"name": %q, "singularName": "", "namespaced": %t, "kind": %q, "verbs": ["list"]}`, name, kind != "Namespace", kind))
		}
		//nolint:gosec // no browser reads it
		_, _ = fmt.Fprintf(w, `{"kind": "APIResourceList", "apiVersion": "v1", "groupVersion": %q, "resources": [%s]}`,
			strings.TrimPrefix(strings.TrimPrefix(path, "apis/"), "api/"), strings.Join(items, ","))
	case !c.gloo && strings.Contains(path, "solo.io"):
		w.WriteHeader(http.StatusNotFound)
		_, _ = fmt.Fprint(w, `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "NotFound", "code": 404}`)
	default:
		c.list(w, r, path)
	}
}

func (c *cluster) list(w http.ResponseWriter, r *http.Request, path string) {
	if c.forbidden[path] {
		w.WriteHeader(http.StatusForbidden)
		//nolint:gosec // no browser reads it
		_, _ = fmt.Fprintf(w, `{"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": "Forbidden", "code": 403, "message": "things is forbidden: User \"jane\" cannot list %s"}`, path)
		return
	}
	namespace := ""
	if before, rest, ok := strings.Cut(path, "namespaces/"); ok {
		var kind string
		namespace, kind, _ = strings.Cut(rest, "/")
		path = before + kind
	}
	var all []string
	for _, o := range c.objects[path] {
		if namespace == "" || strings.Contains(o, `"namespace":"`+namespace+`"`) {
			all = append(all, o)
		}
	}
	from := 0
	_, _ = fmt.Sscan(r.URL.Query().Get("continue"), &from)
	to, next := min(from+2, len(all)), ""
	if strings.HasSuffix(path, "pods") {
		to = len(all)
	}
	if to < len(all) {
		next = fmt.Sprint(to)
	}
	c.mu.Lock()
	c.pages++
	c.mu.Unlock()
	if r.URL.Query().Get("limit") != "500" && !strings.HasSuffix(path, "pods") {
		w.WriteHeader(http.StatusInternalServerError)
		return
	}
	_, _ = fmt.Fprintf(w, `{"metadata": {"continue": %q}, "items": [%s]}`, next, strings.Join(all[from:to], ","))
}

const (
	liveService  = `{"metadata":{"name":"echo","namespace":"echo"},"spec":{"selector":{"app":"echo"}}}`
	liveUpstream = `{"metadata":{"name":"echo","namespace":"echo"},"spec":{"kube":{"serviceName":"echo","serviceNamespace":"echo","servicePort":80,"selector":{"app":"echo"},"subsetSpec":{"selectors":[{"keys":["version"]}]}}}}`
	liveParent   = `{"metadata":{"name":"web","namespace":"platform"},"spec":{"virtualHost":{"domains":["*"],"routes":[{"matchers":[{"prefix":"/"}],"delegateAction":{"selector":{"labels":{"apiGroup":"example"},"namespaces":["*"]}}}]}}}`
)

func deployment(version string) string {
	return fmt.Sprintf(`{"metadata":{"name":"echo-%[1]s","namespace":"echo"},"spec":{"selector":{"matchLabels":{"app":"echo","version":%[1]q}},"template":{"metadata":{"labels":{"app":"echo","version":%[1]q}},"spec":{"containers":[{"name":"c","ports":[{"containerPort":80}]}]}}},"status":{"availableReplicas":1}}`, version)
}

func table(name, path, version string) string {
	return fmt.Sprintf(`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":%q,"namespace":"echo","labels":{"apiGroup":"example"}},"spec":{"routes":[{"matchers":[{"prefix":%q}],"routeAction":{"single":{"upstream":{"name":"echo","namespace":"echo"},"subset":{"values":{"version":%q}}}}}]}}`, name, path, version)
}

func live() *cluster {
	return &cluster{gloo: true, objects: map[string][]string{
		"api/v1/namespaces":                       {`{"metadata":{"name":"echo"}}`, `{"metadata":{"name":"platform"}}`},
		"api/v1/services":                         {liveService},
		"apis/apps/v1/deployments":                {deployment("v1"), deployment("v2"), deployment("v3")},
		"apis/gloo.solo.io/v1/upstreams":          {liveUpstream},
		"apis/gateway.solo.io/v1/routetables":     {table("a", "/a", "v1"), table("b", "/b", "v9"), table("c", "/c", "v3")},
		"apis/gateway.solo.io/v1/virtualservices": {liveParent},
	}}
}

func TestAuditCluster(t *testing.T) {
	t.Parallel()
	deployments := "apis/apps/v1/deployments"
	for name, tc := range map[string]struct {
		reason string
		change func(*cluster)
		args   []string
		file   string
		code   int
		found  []string // rule object
		notes  []string // parts of stderr, a line each
	}{
		"all": {
			reason: "every page of every kind counts", args: []string{"-A"},
			code: 1, found: []string{"version-deployed RouteTable echo/b"},
		},
		"the context's namespace": {reason: "like kubectl", code: 1, found: []string{"version-deployed RouteTable echo/b"}},
		"another namespace":       {reason: "judged is that one only", args: []string{"-n", "platform"}, code: 0},
		"without Gloo": {
			reason: "its kinds are skipped with a word", change: func(c *cluster) { c.gloo = false }, args: []string{"-A"}, code: 0,
			notes: []string{"note: the cluster does not serve Upstream, UpstreamGroup, RouteTable, VirtualService; skipped"},
		},
		"forbidden": {
			reason: "nothing can be said without the Deployments", args: []string{"-A"}, code: 2,
			change: func(c *cluster) { c.forbidden = map[string]bool{deployments: true} },
			notes:  []string{`error: Deployments may not be listed: User "jane" cannot list ` + deployments + `; ask for that right, or say -n NAMESPACE for one where you have it`},
		},
		"forbidden but in one namespace": {
			reason: "what may be read is judged, with a word", args: []string{"-n", "echo"}, code: 1,
			change: func(c *cluster) { c.forbidden = map[string]bool{deployments: true} },
			found:  []string{"version-deployed RouteTable echo/b"},
			notes:  []string{"note: only namespace echo may be read of Deployment; what it shares with others is not known"},
		},
		"a file over what is live": {
			reason: "the file's object takes the place of the live one, and only files are judged", args: []string{"--with-cluster"},
			file: table("b", "/b", "v2"), code: 0,
		},
		"a bad file over what is live": {
			reason: "what is live counts for it", args: []string{"--with-cluster"},
			file: table("d", "/d", "v8"), code: 1, found: []string{"version-deployed RouteTable echo/d"},
		},
		"a running Pod": {
			reason: "of a controller that is not watched, where no workload is deployed, as at admission", args: []string{"-A"}, code: 0,
			change: func(c *cluster) {
				c.objects[deployments] = nil
				for _, v := range []string{"v1", "v3", "v9"} {
					c.objects["api/v1/pods"] = append(c.objects["api/v1/pods"],
						fmt.Sprintf(`{"metadata":{"name":"p-%[1]s","namespace":"echo","labels":{"app":"echo","version":%[1]q}},"status":{"phase":"Running"}}`, v))
				}
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := live()
			if tc.change != nil {
				tc.change(c)
			}
			server := httptest.NewServer(c)
			defer server.Close()
			dir := t.TempDir()
			args := append([]string{"audit", "-o", "json", "--kubeconfig", keep(t, dir, "kubeconfig", fmt.Sprintf(
				`{"clusters": [{"name": "c", "cluster": {"server": %q}}], "contexts": [{"name": "c", "context": {"cluster": "c", "user": "u", "namespace": "echo"}}], "users": [{"name": "u", "user": {}}], "current-context": "c"}`, server.URL))}, tc.args...)
			if tc.file != "" {
				args = append(args, "-f", keep(t, dir, "file.json", tc.file))
			}
			var out, messages bytes.Buffer
			if code := run(t.Context(), args, nil, &out, &messages); code != tc.code {
				t.Errorf("%s: code %d, want %d\n%s%s", tc.reason, code, tc.code, out.String(), messages.String())
			}
			var report struct {
				Findings []struct{ Rule, Kind, Namespace, Name string }
			}
			if tc.code < 2 {
				if err := json.Unmarshal(out.Bytes(), &report); err != nil {
					t.Fatal(err)
				}
			}
			var got []string
			for _, f := range report.Findings {
				got = append(got, f.Rule+" "+f.Kind+" "+f.Namespace+"/"+f.Name)
			}
			if diff := cmp.Diff(tc.found, got); diff != "" {
				t.Errorf("%s: findings (-want +got)\n%s", tc.reason, diff)
			}
			want := strings.Join(tc.notes, "\n")
			if diff := cmp.Diff(want, strings.TrimSpace(messages.String())); diff != "" {
				t.Errorf("%s: stderr (-want +got)\n%s", tc.reason, diff)
			}
		})
	}
}

func keep(t *testing.T, dir, name, text string) string {
	t.Helper()
	path := filepath.Join(dir, name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}
