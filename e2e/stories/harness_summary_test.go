package stories

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes"

	"aviary.dev/e2e/nodes"
)

// summary returns what an app's table says about itself; empty if there is no table.
func (s *story) summary(app string) string {
	table, err := s.get("routetables", app+"-routes")
	if err != nil {
		return ""
	}
	return table.GetAnnotations()["aviary.dev/summary"]
}

// waitSummary waits until app echo's table says about itself what is wanted.
func (s *story) waitSummary(want string) {
	s.Helper()
	s.eventually(fmt.Sprintf("the summary %q", want), func() error {
		if got := s.summary("echo"); got != want {
			return fmt.Errorf("it is %q", got)
		}
		return nil
	})
}

// waitSummaryWith waits until app echo's table says all the parts about itself.
func (s *story) waitSummaryWith(parts ...string) {
	s.Helper()
	s.eventually(fmt.Sprintf("a summary with %q", parts), func() error {
		if got := s.summary("echo"); !containsAll(got, parts) {
			return fmt.Errorf("it is %q", got)
		}
		return nil
	})
}

// waitEventAbout waits for an Event about an object, and returns its text.
func (s *story) waitEventAbout(name, text string) (note string) {
	s.Helper()
	s.eventually(fmt.Sprintf("an Event about %s that says %q", name, text), func() error {
		events, err := s.client("events").List(s.Context(), metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, e := range events.Items {
			about, _, _ := unstructured.NestedString(e.Object, "regarding", "name")
			if note = fmt.Sprint(e.Object["note"]); about == name && strings.Contains(note, text) {
				return nil
			}
		}
		return fmt.Errorf("%d Events, none of them", len(events.Items))
	})
	return note
}

// deployments returns the names of an app's Deployments that are not being deleted.
func (s *story) deployments(app string) (names []string, available bool) {
	s.Helper()
	all, err := s.client("deployments").List(s.Context(), metav1.ListOptions{})
	s.must(err)
	available = true
	for _, d := range all.Items {
		if d.GetAnnotations()["aviary.dev/app"] != app || d.GetDeletionTimestamp() != nil {
			continue
		}
		names = append(names, d.GetName())
		n, _, _ := unstructured.NestedInt64(d.Object, "status", "availableReplicas")
		available = available && n > 0
	}
	slices.Sort(names)
	return names, available
}

// slow returns the manifests of versions with Pods that take five seconds to be ready.
func slow(versions ...version) string {
	for i := range versions {
		versions[i].pod = map[string]string{nodes.ReadyAfterAnnotation: "5s"}
	}
	return manifestsOf(versions...)
}

// crash makes the Pods of a version of app echo crash again and again, and waits for the effect.
func (s *story) crash(version string) {
	s.Helper()
	s.crashNow(version)
	s.waitUnavailable("echo-" + version)
}

// crashNow makes the Pods crash and does not wait.
func (s *story) crashNow(version string) {
	s.Helper()
	s.kubectl("", "annotate", "pods", "-l", "app=echo,version="+version, "--overwrite",
		nodes.CrashAfterAnnotation+"=0s").mustSucceed()
}

// mend ends that.
func (s *story) mend(version string) {
	s.Helper()
	s.kubectl("", "annotate", "pods", "-l", "app=echo,version="+version, nodes.CrashAfterAnnotation+"-").mustSucceed()
	s.waitAvailable("echo-" + version)
}

// kill has the kernel end the Pods of a version of app echo, and waits for the effect.
func (s *story) kill(version string) {
	s.Helper()
	client, err := kubernetes.NewForConfig(s.Config())
	s.must(err)
	pods, err := client.CoreV1().Pods(s.namespace).List(s.Context(),
		metav1.ListOptions{LabelSelector: "app=echo,version=" + version})
	s.must(err)
	for _, pod := range pods.Items {
		s.must(nodes.OOMKill(s.Context(), client, s.namespace, pod.Name))
	}
	s.waitUnavailable("echo-" + version)
}

// waitUnavailable waits until a Deployment has no available replica.
func (s *story) waitUnavailable(deployment string) {
	s.Helper()
	s.eventually(deployment+" to be unavailable", func() error {
		d := s.mustGet("deployments", deployment)
		if n, _, _ := unstructured.NestedInt64(d.Object, "status", "availableReplicas"); n > 0 {
			return errors.New("it still is available")
		}
		return nil
	})
}
