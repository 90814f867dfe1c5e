package stories

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
)

// waitLimit is how long a story waits for something before it fails.
const waitLimit = 45 * time.Second

// story is a test in a namespace of its own. Its methods that begin with wait poll until what they
// name is true, and end the test after waitLimit.
type story struct {
	*testing.T
	*plane
	namespace string
	userKubeconfig        string // the kubeconfig of whoever runs kubectl; empty for the administrator
}

// begin creates a namespace on the shared plane, with the given annotations of the form key=value.
func begin(t *testing.T, namespace string, annotations ...string) *story {
	t.Helper()
	return beginOn(t, shared, namespace, annotations...)
}

func beginOn(t *testing.T, p *plane, namespace string, annotations ...string) *story {
	t.Helper()
	s := &story{T: t, plane: p, namespace: namespace}
	s.kubectl("", "create", "namespace", namespace).mustSucceed()
	for _, a := range annotations {
		s.kubectl("", "annotate", "namespace", namespace, a).mustSucceed()
	}
	t.Cleanup(func() {
		if t.Failed() {
			s.dump()
		}
		if os.Getenv(kubeconfigVariable) != "" { // Others want to use that cluster again.
			_, _, _ = s.Kubectl(context.Background(), "", "delete", "namespace", namespace, "--wait=false") //nolint:usetesting // because the test's context is done.
		}
	})
	s.eventually("the namespace's ServiceAccount", func() error {
		_, err := s.objects.Resource(gvr("serviceaccounts")).Namespace(namespace).Get(s.Context(), "default", metav1.GetOptions{})
		return err
	})
	return s
}

// step writes a heading into the test's log.
func (s *story) step(format string, args ...any) {
	s.Helper()
	s.Logf("── "+format, args...)
}

// outcome is the result of a run of kubectl.
type outcome struct {
	s              *story
	args           []string
	stdout, stderr string
	err            error
}

// kubectl runs kubectl in the story's namespace.
func (s *story) kubectl(stdin string, args ...string) outcome {
	s.Helper()
	if s.namespace != "" {
		args = append([]string{"--namespace=" + s.namespace}, args...)
	}
	if s.userKubeconfig != "" {
		args = append([]string{"--kubeconfig=" + s.userKubeconfig}, args...)
	}
	stdout, stderr, err := s.Kubectl(s.Context(), stdin, args...)
	return outcome{s, args, stdout, stderr, err}
}

// apply applies manifests.
func (s *story) apply(manifests string, args ...string) outcome {
	s.Helper()
	return s.kubectl(manifests, append([]string{"apply", "-f", "-"}, args...)...)
}

// mustSucceed ends the story if kubectl failed.
func (o outcome) mustSucceed() outcome {
	o.s.Helper()
	if o.err != nil {
		o.s.Fatalf("%v", o.err)
	}
	return o
}

// mustFail ends the story if kubectl succeeded, or failed for another reason.
func (o outcome) mustFail(reasons ...string) outcome {
	o.s.Helper()
	if o.err == nil {
		o.s.Fatalf("kubectl %s must be refused, but: %s%s", strings.Join(o.args, " "), o.stdout, o.stderr)
	}
	for _, reason := range reasons {
		if !strings.Contains(o.stderr, reason) {
			o.s.Fatalf("kubectl %s must be refused with %q, but the message is:\n%s", strings.Join(o.args, " "), reason, o.stderr)
		}
	}
	return o
}

// warnings returns the admission warnings that kubectl printed.
func (o outcome) warnings() (texts []string) {
	for line := range strings.Lines(o.stderr) {
		if text, ok := strings.CutPrefix(strings.TrimSpace(line), "Warning: "); ok {
			texts = append(texts, text)
		}
	}
	return texts
}

// eventually polls until try succeeds. It ends the test after waitLimit.
func (s *story) eventually(what string, try func() error) {
	s.Helper()
	var last error
	err := wait.PollUntilContextTimeout(s.Context(), 20*time.Millisecond, waitLimit, true, func(context.Context) (bool, error) {
		last = try()
		return last == nil, nil
	})
	if err != nil {
		s.Fatalf("waited %s for %s: %v", waitLimit, what, last)
	}
}

// gvr returns the resource with a plural name.
func gvr(resource string) schema.GroupVersionResource {
	groups := map[string]string{
		"deployments": "apps", "replicasets": "apps", "upstreams": "gloo.solo.io", "routetables": "gateway.solo.io", "virtualservices": "gateway.solo.io", "events": "events.k8s.io",
	}
	return schema.GroupVersionResource{Group: groups[resource], Version: "v1", Resource: resource}
}

// get reads an object of the story's namespace.
func (s *story) get(resource, name string) (*unstructured.Unstructured, error) {
	return s.objects.Resource(gvr(resource)).Namespace(s.namespace).Get(s.Context(), name, metav1.GetOptions{})
}

// mustGet reads an object and ends the test if it can't be read.
func (s *story) mustGet(resource, name string) *unstructured.Unstructured {
	s.Helper()
	o, err := s.get(resource, name)
	if err != nil {
		s.Fatal(err)
	}
	return o
}

// waitGone waits until an object no longer exists.
func (s *story) waitGone(resource, name string) {
	s.Helper()
	s.eventually(fmt.Sprintf("%s %s to go", resource, name), func() error {
		_, err := s.get(resource, name)
		if err == nil {
			return fmt.Errorf("it is still there")
		}
		if apierrors.IsNotFound(err) {
			return nil
		}
		return err
	})
}

// dump logs the state of the namespace, and the end of Aviary's log, after a failure.
func (s *story) dump() {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	get := func(args ...string) {
		stdout, _, err := s.Kubectl(ctx, "", append([]string{"--namespace=" + s.namespace, "get"}, args...)...)
		s.Logf("kubectl get %s:\n%s", args[0], stdout)
		if err != nil {
			s.Log(err)
		}
	}
	columns := "NAME:.metadata.name,REPLICAS:.spec.replicas,AVAILABLE:.status.availableReplicas,DELETED:.metadata.deletionTimestamp"
	for _, key := range []string{"role", "weight", "promoted-at", "weight-raised-at"} {
		columns += "," + key + `:.metadata.annotations.aviary\.dev/` + key
	}
	get("deployments", "-o", "custom-columns="+columns)
	get("routetables,upstreams,services", "-o", "yaml")
	get("events", "--sort-by=.metadata.creationTimestamp")
	if s.aviary != nil {
		s.Logf("the end of Aviary's log:\n%s", s.aviary.LogTail(40))
	}
}
