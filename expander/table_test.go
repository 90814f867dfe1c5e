package expander

import (
	"strings"
	"testing"

	"github.com/go-logr/logr"
	"github.com/go-logr/logr/funcr"
	"github.com/google/go-cmp/cmp"

	"aviary.dev/dialect/gloo"
)

// What is remembered of a table that was written is what would be read of it.
func TestRememberedTableIsTheWrittenOne(t *testing.T) {
	t.Parallel()
	for name, versions := range map[string][][2]string{
		"a primary": {{"v1", `"aviary.dev/role":"primary"`}},
		"a canary with a header route": {
			{"v1", `"aviary.dev/role":"primary"`},
			{"v2", `"aviary.dev/role":"canary","aviary.dev/weight":"30","aviary.dev/headers":"stage=canary"`},
		},
		"a canary at 0": {
			{"v1", `"aviary.dev/role":"primary"`},
			{"v2", `"aviary.dev/role":"canary","aviary.dev/weight":"0"`},
		},
		"a canary without one": {{"v2", `"aviary.dev/role":"canary","aviary.dev/weight":"100"`}},
		"a shadow":             {{"v1", `"aviary.dev/role":"primary"`}, {"v2", `"aviary.dev/role":"shadow"`}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCluster(t)
			for _, v := range versions {
				c.version(v[0], v[1])
			}
			if _, err := c.reconcile(); err != nil {
				t.Fatal(err)
			}
			remembered := c.apps[echo].known[c.Kinds.Table(echo)]
			if remembered.version != c.seen(c.Kinds.Table(echo)) || !remembered.says.Exists {
				t.Fatalf("it must be remembered at %s: %+v", c.seen(c.Kinds.Table(echo)), remembered)
			}
			read, err := c.liveTable(t.Context(), echo, nil, newMemory())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(read, remembered.says); diff != "" {
				t.Errorf("-read +remembered\n%s", diff)
			}
		})
	}
}

// Each write is told of once, with its object and its reason; without a write nothing is.
func TestEachWriteIsLogged(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	var lines []string
	ctx := logr.NewContext(t.Context(), funcr.New(func(_, args string) {
		lines = append(lines, strings.TrimPrefix(args, `"level"=0 `))
	}, funcr.Options{}))
	line := func(kind, name, action, why string) string {
		return `"msg"="sibling written" "kind"="` + kind + `" "namespace"="n" "name"="` + name +
			`" "app"="echo" "action"="` + action + `" "why"="` + why + `"`
	}
	must := func(want ...string) {
		t.Helper()
		lines = nil
		if _, err := c.Reconcile(ctx, echo); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("-want +got\n%s", diff)
		}
		if _, err := c.reconcile(); err != nil { //nolint:contextcheck // the watch, which has its own, catches up
			t.Fatal(err)
		}
	}
	c.version("v1", `"aviary.dev/role":"primary"`)
	const missing, changed = "it is missing", "the plan has changed"
	must(line("Service", "echo", "create", missing), line("Upstream", "echo", "create", missing),
		line("RouteTable", "echo-routes", "create", missing))
	must()

	// Owners change on all of them.
	c.version("v2", `"aviary.dev/role":"shadow"`)
	must(line("Service", "echo", "update", changed), line("Upstream", "echo", "update", changed),
		line("Upstream", shadow, "create", missing), line("RouteTable", "echo-routes", "update", changed))
	must()

	o := gloo.RouteTable{}
	o.Namespace, o.Name = "n", "echo-routes"
	if err := c.Delete(t.Context(), &o); err != nil {
		t.Fatal(err)
	}
	c.Store.Remove(c.Kinds.Table(echo))
	must(line("RouteTable", "echo-routes", "create", "somebody deleted it"))

	c.version("v2", `"aviary.dev/role":"standby"`)
	must(line("RouteTable", "echo-routes", "update", changed),
		line("Upstream", shadow, "delete", "the plan no longer has it"))
}
