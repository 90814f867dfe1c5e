package stories

import (
	"context"
	"os"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
)

// waitLimit is how long a story waits for something before it fails.
const waitLimit = 45 * time.Second

// story is a test in a namespace of its own. Its methods that begin with wait poll until what they
// name is true, and end the test after waitLimit.
type story struct {
	*testing.T
	*plane
	namespace      string
	userKubeconfig string // the kubeconfig of whoever runs kubectl; empty for the administrator
}

// begin creates a namespace on the shared plane, with the given annotations of the form key=value.
func begin(t *testing.T, namespace string, annotations ...string) *story {
	t.Helper()
	return beginOn(t, shared, namespace, annotations...)
}

// beginOn is begin on another plane.
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
		if os.Getenv(kubeconfigVariable) != "" { // The cluster will be used again.
			ctx := context.Background() //nolint:usetesting // because the test's context is done.
			_, _, _ = s.Kubectl(ctx, "", "delete", "namespace", namespace, "--wait=false")
		}
	})
	s.eventually("the namespace's ServiceAccount", func() error {
		_, err := s.get("serviceaccounts", "default")
		return err
	})
	return s
}

// step writes a heading into the test's log.
func (s *story) step(format string, args ...any) {
	s.Helper()
	s.Logf("── "+format, args...)
}

// eventually polls until try succeeds. It ends the test after waitLimit.
func (s *story) eventually(what string, try func() error) {
	s.Helper()
	var last error
	err := wait.PollUntilContextTimeout(s.Context(), 20*time.Millisecond, waitLimit, true,
		func(context.Context) (bool, error) {
			last = try()
			return last == nil, nil
		})
	if err != nil {
		s.Fatalf("waited %s for %s: %v", waitLimit, what, last)
	}
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
	columns := "NAME:.metadata.name,REPLICAS:.spec.replicas,AVAILABLE:.status.availableReplicas," +
		"DELETED:.metadata.deletionTimestamp"
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

// must ends the test if err is not nil.
func (s *story) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// testWriter writes to a test's log.
type testWriter struct{ t *testing.T }

// Write implements [io.Writer].
func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}
