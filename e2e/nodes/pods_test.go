package nodes_test

import (
	"context"
	"os"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"

	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/nodes"
)

// TestPods runs Pods on a real API server. There are no controllers: the Pods are bare, and their
// ServiceAccount is made here.
func TestPods(t *testing.T) {
	t.Parallel()
	cp, err := controlplane.Start(t.Context(), controlplane.Options{WithoutControllers: true, Progress: os.Stderr})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := cp.Stop(); err != nil {
			t.Error(err)
		}
	})
	client, err := kubernetes.NewForConfig(cp.Config())
	if err != nil {
		t.Fatal(err)
	}
	account := &corev1.ServiceAccount{ObjectMeta: metav1.ObjectMeta{Name: "default"}}
	_, err = client.CoreV1().ServiceAccounts("default").Create(t.Context(), account, metav1.CreateOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := nodes.Simulate(t.Context(), cp.Config()); err != nil {
		t.Fatal(err)
	}
	p := pods{t, client}

	began := time.Now()
	p.create("slow", map[string]string{nodes.ReadyAfterAnnotation: "2s"})
	p.create("crashing", map[string]string{nodes.CrashAfterAnnotation: "0s"})
	p.waitReady("slow", true)
	if took := time.Since(began); took < 2*time.Second {
		t.Errorf("slow must take 2 s to be ready, took %s", took)
	}
	p.wait("crashing", "restarts while it is not ready", func(pod *corev1.Pod) bool {
		return pod.Status.ContainerStatuses[0].RestartCount >= 2 && !ready(pod)
	})

	if err := nodes.OOMKill(t.Context(), client, "default", "slow"); err != nil {
		t.Fatal(err)
	}
	p.waitReady("slow", false)
	p.wait("slow", "the restart", func(pod *corev1.Pod) bool {
		c := pod.Status.ContainerStatuses[0]
		return ready(pod) && c.RestartCount == 1 && c.LastTerminationState.Terminated.Reason == "OOMKilled"
	})
}

// pods are the Pods of a test.
type pods struct {
	*testing.T
	client kubernetes.Interface
}

func (p pods) create(name string, annotations map[string]string) {
	p.Helper()
	_, err := p.client.CoreV1().Pods("default").Create(p.Context(), &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: name, Annotations: annotations},
		Spec:       corev1.PodSpec{Containers: []corev1.Container{{Name: "a", Image: "a"}}},
	}, metav1.CreateOptions{})
	if err != nil {
		p.Fatal(err)
	}
}

func (p pods) waitReady(name string, want bool) {
	p.Helper()
	p.wait(name, "its readiness", func(pod *corev1.Pod) bool { return ready(pod) == want })
}

// wait waits until a Pod has a status that fits.
func (p pods) wait(name, what string, fits func(*corev1.Pod) bool) {
	p.Helper()
	var last *corev1.Pod
	err := wait.PollUntilContextTimeout(p.Context(), 20*time.Millisecond, 30*time.Second, true,
		func(ctx context.Context) (done bool, err error) {
			last, err = p.client.CoreV1().Pods("default").Get(ctx, name, metav1.GetOptions{})
			return err == nil && len(last.Status.ContainerStatuses) > 0 && fits(last), err
		})
	if err != nil {
		p.Fatalf("wait for %s of %s: %v; it is %+v", what, name, err, last.Status)
	}
}

func ready(pod *corev1.Pod) bool {
	for _, c := range pod.Status.Conditions {
		if c.Type == corev1.PodReady {
			return c.Status == corev1.ConditionTrue
		}
	}
	return false
}
