// Package inventorytest makes a cluster of controller-runtime's fake client, for tests.
package inventorytest

import (
	"context"

	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/dialect"
	"aviary.dev/inventory"
)

// Cluster returns what the client reads.
func Cluster(c client.Reader) inventory.Cluster { return cluster{c} }

type cluster struct{ client client.Reader }

// Get implements inventory.Cluster.
func (c cluster) Get(ctx context.Context, key types.NamespacedName, into dialect.Object) error {
	return c.client.Get(ctx, key, into)
}

// List implements inventory.Cluster.
func (c cluster) List(ctx context.Context, into dialect.ObjectList, o inventory.ListOptions) error {
	return c.client.List(ctx, into, &client.ListOptions{
		Namespace: o.Namespace, LabelSelector: o.Labels, Limit: o.Limit, Continue: o.Continue,
	})
}
