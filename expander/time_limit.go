package expander

import (
	"context"
	"time"

	"sigs.k8s.io/controller-runtime/pkg/client"
)

// requestTime is how long the expander waits for one answer of the API server. A write waits there for the webhooks of
// others, up to half a minute each.
const requestTime = 3 * time.Second

// limited is a client that waits no longer than [requestTime].
type limited struct{ client.Client }

// Get implements client.Client.
func (c limited) Get(ctx context.Context, key client.ObjectKey, o client.Object, opts ...client.GetOption) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	return c.Client.Get(ctx, key, o, opts...)
}

// List implements client.Client.
func (c limited) List(ctx context.Context, list client.ObjectList, opts ...client.ListOption) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	return c.Client.List(ctx, list, opts...)
}

// Create implements client.Client.
func (c limited) Create(ctx context.Context, o client.Object, opts ...client.CreateOption) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	return c.Client.Create(ctx, o, opts...)
}

// Update implements client.Client.
func (c limited) Update(ctx context.Context, o client.Object, opts ...client.UpdateOption) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	return c.Client.Update(ctx, o, opts...)
}

// Delete implements client.Client.
func (c limited) Delete(ctx context.Context, o client.Object, opts ...client.DeleteOption) error {
	ctx, cancel := context.WithTimeout(ctx, requestTime)
	defer cancel()
	return c.Client.Delete(ctx, o, opts...)
}
