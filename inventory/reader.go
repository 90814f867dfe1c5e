package inventory

import (
	"context"

	"aviary.dev/route"
)

// Reader answers what the rules and the plan ask. A nil answer without an error is a fact: there is no such thing. An
// error means that it is not known.
type Reader interface {
	Namespace(ctx context.Context, name string) (*Namespace, error)
	// App gives the Deployments of an app that are not being deleted.
	App(ctx context.Context, app route.Ref) ([]*Workload, error)
	Workload(ctx context.Context, id ID) (*Workload, error)
	// Workloads gives those in the namespace whose pods carry all of the labels.
	Workloads(ctx context.Context, namespace string, labels map[string]string) ([]*Workload, error)
	// Pods gives the running Pods with these labels that no workload of another kind made, where they can be asked for.
	Pods(ctx context.Context, namespace string, labels map[string]string) ([]*Workload, error)
	Upstream(ctx context.Context, ref route.Ref) (*Upstream, error)
	// UpstreamsInto gives the Upstreams whose Service is in the namespace.
	UpstreamsInto(ctx context.Context, namespace string) ([]*Upstream, error)
	Service(ctx context.Context, ref route.Ref) (*Service, error)
	// UpstreamsOf gives the Upstreams that take the Service's endpoints.
	UpstreamsOf(ctx context.Context, service route.Ref) ([]*Upstream, error)
	// TablesToService gives the routing objects with a destination at the Service itself, without an Upstream.
	TablesToService(ctx context.Context, service route.Ref) ([]*Table, error)
	Table(ctx context.Context, id ID) (*Table, error)
	// TablesTo gives the routing objects with a destination at the Upstream.
	TablesTo(ctx context.Context, upstream route.Ref) ([]*Table, error)
	// TablesAt gives the RouteTables that have one of the paths, by its key, and that keep accepts. Keep must ask nothing.
	TablesAt(ctx context.Context, paths []string, keep func(*Table) bool) ([]*Table, error)
	// TablesUnder gives the RouteTables that have a path beneath this one, by its key, and that keep accepts.
	TablesUnder(ctx context.Context, path string, keep func(*Table) bool) ([]*Table, error)
	// Parents gives the routing objects that delegate.
	Parents(ctx context.Context) ([]*Table, error)
}
