package nodes

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/util/retry"
)

// OOMKill ends the containers of a Pod as the kernel does that has no memory left. The Pod is not
// ready at once. Its containers are restarted, after a back-off if they had ended before, and take
// as long to be ready as after their first start.
func OOMKill(ctx context.Context, client kubernetes.Interface, namespace, name string) error {
	pods := client.CoreV1().Pods(namespace)
	return retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		pod, err := pods.Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return err
		}
		now := metav1.Now()
		end(pod, oomKilled, 137, now)
		setCondition(&pod.Status, corev1.ContainersReady, oomKilled, now)
		setCondition(&pod.Status, corev1.PodReady, oomKilled, now)
		_, err = pods.UpdateStatus(ctx, pod, metav1.UpdateOptions{})
		return err
	})
}
