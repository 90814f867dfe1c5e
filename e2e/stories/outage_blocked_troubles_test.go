package stories

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// trouble keeps an app's table from being written.
type trouble struct {
	name string
	// says is what the Service, warnings and refusals say of it, once it has lasted for ten seconds; empty if nobody can.
	says string
	// start begins it, and returns what ends it.
	start func(*blocked) (stop func())
	// paths are those of all versions; empty for the one that they have by default.
	paths string
	// leaderless: there is nobody who would write the table, nor tell why it is not written.
	leaderless bool
}

// troubles are those that concern one namespace.
var troubles = []trouble{
	{
		name: "policy", says: "policy no-tables refuses: no tables here",
		start: func(s *blocked) func() { return s.refuse(fmt.Sprintf(noTables, s.namespace)) },
	},
	{
		name:  "policy for all siblings",
		start: func(s *blocked) func() { return s.refuse(noSiblings(s.namespace)) },
	},
	{
		name: "webhook down", says: "webhook foreign.example.com fails",
		start: func(s *blocked) func() { return s.serveForeign(outOfOrder) },
	},
	{
		name: "webhook hangs", says: "no answer within 3s",
		start: func(s *blocked) func() { return s.serveForeign(hangs) },
	},
	{
		name: "conflicts", says: "somebody else writes it all the time",
		start: func(s *blocked) func() { return s.serveForeign(s.meddles) },
	},
	{
		name: "terminating", says: "it is being deleted, and waits for the finalizer example.com/wait",
		start: func(s *blocked) func() { return s.holdTables() },
	},
}

// larger is a table that is too large for etcd, which stores less here than size-limits thinks. The headers of v2 are
// in the route of each path.
var larger = trouble{
	name: "too large", says: "request is too large", paths: paths(32),
	start: func(s *blocked) func() {
		headers := make([]string, 8)
		for i := range headers {
			headers[i] = fmt.Sprintf("x-%d=%s", i, strings.Repeat("v", 490))
		}
		s.headers = strings.Join(headers, ",")
		return func() {
			s.headers = ""
			s.apply(s.canary("weight=50").String()).mustSucceed()
		}
	},
}

// paths returns the path of app echo and others.
func paths(n int) string {
	all := []string{"/echo"}
	for i := range n - 1 {
		all = append(all, fmt.Sprintf("/echo/%d", i))
	}
	return strings.Join(all, ",")
}

// noSiblings is a foreign policy that lets nobody change a sibling of app echo, so that none can tell either.
func noSiblings(namespace string) string {
	policy := replace(fmt.Sprintf(noTables, namespace), "no-tables", "no-siblings")
	policy = replace(policy, "object.metadata.name != 'echo-routes'", "!object.metadata.name.startsWith('echo')")
	return replace(policy, "{apiGroups: [gateway.solo.io], apiVersions: [v1], operations: [CREATE, UPDATE], "+
		"resources: [routetables]}", `{apiGroups: ["*"], apiVersions: ["*"], operations: [UPDATE], `+
		`resources: [services, upstreams, routetables]}`)
}

// refuse has a foreign policy refuse the app's table, and returns what ends that.
func (s *story) refuse(policy string) (stop func()) {
	s.Helper()
	s.kubectl(policy, "apply", "-f", "-").mustSucceed()
	s.Cleanup(func() {
		ctx := context.Background() // because the test's context is done.
		_, _, _ = s.Kubectl(ctx, policy, "delete", "--ignore-not-found", "-f", "-")
	})
	s.eventually("the policy to be in effect", func() error {
		probe := fmt.Sprintf("probe=%d", time.Now().UnixNano())
		if s.kubectl("", "label", "routetable", "echo-routes", "--overwrite", probe, "--dry-run=server").err == nil {
			return fmt.Errorf("it allows a table to be written")
		}
		return nil
	})
	return func() { s.kubectl(policy, "delete", "-f", "-").mustSucceed() }
}

// holdTables deletes the tables of the namespace, and holds them by a finalizer. It returns what lets them go.
func (s *story) holdTables() (stop func()) {
	s.Helper()
	names := []string{"echo-routes", "fox-routes"}
	for _, name := range names {
		s.must(s.patch(s.Context(), "RouteTable", name, `{"metadata": {"finalizers": ["example.com/wait"]}}`))
		s.must(s.remove(s.Context(), "RouteTable", name))
	}
	return func() {
		for _, name := range names {
			s.must(s.patch(s.Context(), "RouteTable", name, `{"metadata": {"finalizers": null}}`))
		}
	}
}
