package aviary

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
)

// warnings collects the warnings of the API server's answers.
type warnings struct {
	mu    sync.Mutex
	texts []string
}

// HandleWarningHeader implements [rest.WarningHandler].
func (w *warnings) HandleWarningHeader(_ int, _ string, text string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.texts = append(w.texts, text)
}

// take returns the warnings so far and forgets them.
func (w *warnings) take() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	all := strings.Join(w.texts, "\n")
	w.texts = nil
	return all
}

// waitAnswer waits until the API server calls both webhooks. It creates, with a dry run, a
// Deployment without a selector, which the mutating webhook fills in, and with a weight that has no
// effect, of which the validating webhook warns.
func (i *Instance) waitAnswer(ctx context.Context) error {
	said := &warnings{}
	config := i.cp.Config()
	config.WarningHandler = said
	config.Timeout = 10 * time.Second
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	var last error
	err = wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, readyTimeout, true,
		func(ctx context.Context) (bool, error) {
			if !i.Alive() {
				return false, fmt.Errorf("aviary exited; the end of its log:\n%s", i.LogTail(10))
			}
			made, err := client.AppsV1().Deployments(metav1.NamespaceDefault).Create(ctx, probe(),
				metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
			warned := said.take()
			switch {
			case err != nil:
				last = err
			case made.Spec.Selector == nil || len(made.Spec.Selector.MatchLabels) == 0:
				last = errors.New("the mutating webhook was not called")
			case !strings.Contains(warned, "[annotations-valid]"):
				last = fmt.Errorf("the validating webhook did not warn of the weight, but said %q", warned)
			default:
				return true, nil
			}
			return false, nil
		})
	if wait.Interrupted(err) {
		return fmt.Errorf("wait for Aviary to answer: %w; the end of its log:\n%s", errors.Join(err, last),
			i.LogTail(10))
	}
	return err
}

// probe returns the Deployment of waitAnswer.
func probe() *appsv1.Deployment {
	container := corev1.Container{Name: "probe", Image: "none", Ports: []corev1.ContainerPort{{ContainerPort: 80}}}
	return &appsv1.Deployment{
		ObjectMeta: metav1.ObjectMeta{
			Name: "aviary-probe-v1",
			Annotations: map[string]string{
				"aviary.dev/app": "aviary-probe", "aviary.dev/api-group": "probe",
				"aviary.dev/role": "primary", "aviary.dev/weight": "1",
			},
		},
		Spec: appsv1.DeploymentSpec{Template: corev1.PodTemplateSpec{Spec: corev1.PodSpec{
			Containers: []corev1.Container{container},
		}}},
	}
}
