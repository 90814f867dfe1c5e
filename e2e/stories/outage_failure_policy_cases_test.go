package stories

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// request is a request that reaches one webhook entry, and what follows if Aviary doesn't answer
// it.
type request struct {
	// kind is the kind of webhook configuration: mutating or validating.
	kind, entry string
	// what describes the request in the page.
	what string
	// before returns the manifests that must exist; do sends the request.
	before func(s *story) string
	do     func(ctx context.Context, s *story) error
	// stopped is part of the error if something else refuses the request although the entry fails
	// open; empty if the request is admitted.
	stopped string
	// rule is the rule that the re-judgement finds broken if the request was admitted unjudged; empty if it finds
	// nothing, as only a warning was missed.
	// event says whether an Event reports it, which is so for rules that deny.
	rule  string
	event bool
}

// noObjects is for requests that need no objects.
func noObjects(*story) string { return "" }

// plainApp returns an app without Aviary's annotations: two versions, and a hand-made route to the
// first.
func plainApp(s *story) string { return plainAppOf(s, "Deployment", "") }

// plainStatefulSets and plainDaemonSets return such an app of other workloads.
func plainStatefulSets(s *story) string { return plainAppOf(s, "StatefulSet", "  serviceName: echo\n") }

func plainDaemonSets(s *story) string { return plainAppOf(s, "DaemonSet", "") }

func plainAppOf(s *story, kind, more string) string {
	text := fmt.Sprintf(`
apiVersion: v1
kind: Service
metadata: {name: echo}
spec: {selector: {app: echo}, ports: [{port: 80}]}
---
apiVersion: gloo.solo.io/v1
kind: Upstream
metadata: {name: echo}
spec:
  kube:
    selector: {app: echo}
    serviceName: echo
    serviceNamespace: %s
    servicePort: 80
    subsetSpec: {selectors: [{keys: [version]}]}
`, s.namespace)
	for _, version := range []string{"v1", "v2"} {
		text += fmt.Sprintf(`---
apiVersion: apps/v1
kind: %[2]s
metadata: {name: echo-%[1]s}
spec:
%[3]s  selector: {matchLabels: {app: echo, version: %[1]s}}
  template:
    metadata: {labels: {app: echo, version: %[1]s}}
    spec: {containers: [{name: echo, image: none, ports: [{containerPort: 80}]}]}
`, version, kind, more)
	}
	return text + s.table("by-hand", destination{"v1", 100})
}

// annotatedApp returns such an app with Aviary's annotations.
func annotatedApp(s *story) string {
	return manifestsOf(v("v1", "role=primary"), v("v2", "role=standby")) + s.table("by-hand", destination{"v1", 100})
}

// creates, patches and removes return the do of a request.
func creates(manifest func(s *story) string) func(context.Context, *story) error {
	return func(ctx context.Context, s *story) error { return s.create(ctx, manifest(s)) }
}

func patches(kind, name, patch string, sub ...string) func(context.Context, *story) error {
	return func(ctx context.Context, s *story) error { return s.patch(ctx, kind, name, patch, sub...) }
}

func removes(kind, name string) func(context.Context, *story) error {
	return func(ctx context.Context, s *story) error { return s.remove(ctx, kind, name) }
}

// listsGroups returns a do that has the story's Namespace list these API groups.
func listsGroups(groups string) func(context.Context, *story) error {
	patch := fmt.Sprintf(`{"metadata": {"annotations": {"aviary.dev/api-group": %q}}}`, groups)
	return func(ctx context.Context, s *story) error {
		namespaces := s.objects.Resource(kinds["Namespace"])
		_, err := namespaces.Patch(ctx, s.namespace, types.MergePatchType, []byte(patch), metav1.PatchOptions{})
		return err
	}
}

// requests has one for each entry of manifests/base/{mutating,validating}.yaml.
var requests = []request{
	{
		kind: "mutating", entry: "deployments.aviary.dev",
		what:   "create an annotated Deployment that leaves labels and selector out",
		before: noObjects, do: creates(func(*story) string { return v("v1", "role=primary").String() }),
		stopped: "spec.selector: Required value",
	},
	{
		kind: "mutating", entry: "routetables.aviary.dev", what: "create a RouteTable without the label apiGroup",
		before: annotatedApp, do: creates(func(s *story) string {
			return replace(s.table("another", destination{"v1", 100}), "  labels: {apiGroup: example}\n", "")
		}),
		stopped: `failed calling webhook "routetables.aviary.dev"`,
	},
	{
		kind: "validating", entry: "deployments.aviary.dev", what: "change an annotated Deployment",
		before: annotatedApp,
		do: patches("Deployment", "echo-v2",
			`{"metadata": {"annotations": {"aviary.dev/role": "canary", "aviary.dev/weight": "10"}}}`),
	},
	{
		kind: "validating", entry: "status.aviary.dev",
		what:   "change an `aviary.dev/` annotation by way of a Deployment's status",
		before: annotatedApp,
		do: patches("Deployment", "echo-v2",
			`{"metadata": {"annotations": {"aviary.dev/role": "canary"}}}`, "status"),
	},
	{
		kind: "validating", entry: "scale.aviary.dev", what: "scale a version that a route names to 0",
		before: annotatedApp, do: patches("Deployment", "echo-v1", `{"spec": {"replicas": 0}}`, "scale"),
		rule: "version-deployed", event: true,
	},
	{
		kind: "validating", entry: "versioned-workloads.aviary.dev",
		what:   "delete a Deployment that didn't opt in and that a route names",
		before: plainApp, do: removes("Deployment", "echo-v1"),
		rule: "version-deployed", event: true,
	},
	{
		kind: "validating", entry: "services.aviary.dev", what: "make a Service of several versions select one",
		before: plainApp, do: patches("Service", "echo", `{"spec": {"selector": {"version": "v2"}}}`),
		rule: "selector-clean", event: true,
	},
	{
		kind: "validating", entry: "statefulset-scale.aviary.dev",
		what:   "scale a StatefulSet that a route names to 0",
		before: plainStatefulSets, do: patches("StatefulSet", "echo-v1", `{"spec": {"replicas": 0}}`, "scale"),
		rule: "version-deployed", event: true,
	},
	{
		kind: "validating", entry: "daemonsets.aviary.dev", what: "delete a DaemonSet that a route names",
		before: plainDaemonSets, do: removes("DaemonSet", "echo-v1"),
		rule: "version-deployed", event: true,
	},
	{
		kind: "validating", entry: "namespaces.aviary.dev", what: "change the API groups that a Namespace lists",
		before: annotatedApp, do: listsGroups("other"), rule: "api-group", event: true,
	},
	{
		kind: "validating", entry: "routetables.aviary.dev", what: "create a RouteTable", before: annotatedApp,
		do: creates(func(s *story) string { return s.table("another", destination{"v1", 100}) }),
	},
	{
		kind: "validating", entry: "virtualservices.aviary.dev", what: "create a VirtualService", before: noObjects,
		do: creates(func(s *story) string {
			return "apiVersion: gateway.solo.io/v1\nkind: VirtualService\nmetadata: {name: example}\n" +
				"spec: {virtualHost: {domains: [" + s.namespace + ".example]}}\n"
		}),
	},
	{
		kind: "validating", entry: "upstreamgroups.aviary.dev", what: "create an UpstreamGroup", before: annotatedApp,
		do: creates(func(s *story) string { return fmt.Sprintf(upstreamGroup, "example", 100, s.namespace) }),
	},
	{
		kind: "validating", entry: "upstreams.aviary.dev", what: "create an Upstream", before: noObjects,
		do: creates(func(*story) string {
			return "apiVersion: gloo.solo.io/v1\nkind: Upstream\nmetadata: {name: example}\n" +
				"spec: {static: {hosts: [{addr: example.com, port: 80}]}}\n"
		}),
	},
	{
		kind: "validating", entry: "routes-deletion.aviary.dev", what: "delete an Upstream that a route names",
		before: plainApp, do: removes("Upstream", "echo"), rule: "upstream-known",
	},
	{
		kind: "validating", entry: "rollouts.aviary.dev", what: "create an Argo Rollout with an `aviary.dev/` annotation",
		before: noObjects, do: creates(func(*story) string {
			return "apiVersion: argoproj.io/v1alpha1\nkind: Rollout\n" +
				"metadata: {name: echo, annotations: {aviary.dev/app: echo}}\n"
		}),
	},
}
