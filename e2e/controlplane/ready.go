package controlplane

import (
	"context"
	"errors"
	"fmt"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
)

// readyTimeout is generous, because the machine may be busy. Usually it takes seconds.
const readyTimeout = 2 * time.Minute

// waitReady waits until the API server says that it is ready.
func (cp *ControlPlane) waitReady(ctx context.Context) error {
	return cp.poll(ctx, "API server to be ready", func(ctx context.Context, client kubernetes.Interface) error {
		return client.Discovery().RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	})
}

// waitServiceAccount waits for the ServiceAccount that Pods need. The controller manager creates it
// some seconds after its start.
func (cp *ControlPlane) waitServiceAccount(ctx context.Context) error {
	return cp.poll(ctx, "ServiceAccount default", func(ctx context.Context, client kubernetes.Interface) error {
		_, err := client.CoreV1().ServiceAccounts(metav1.NamespaceDefault).Get(ctx, "default", metav1.GetOptions{})
		return err
	})
}

// poll tries until it succeeds, a process exits or the time is up.
func (cp *ControlPlane) poll(
	ctx context.Context, what string, try func(context.Context, kubernetes.Interface) error,
) error {
	config := cp.Config()
	config.Timeout = 5 * time.Second
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	var last error
	err = wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, readyTimeout, true,
		func(ctx context.Context) (bool, error) {
			if err := cp.crashedServer(); err != nil {
				return false, err
			}
			last = try(ctx, client)
			return last == nil, nil
		})
	if wait.Interrupted(err) {
		return errors.Join(fmt.Errorf("wait for %s: %w", what, err), last)
	}
	return err
}
