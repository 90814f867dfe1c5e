package stories

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
)

const steps = 6

// TestSixSteps goes through the seed's canary workflow with annotated
// Deployments instead of a chart, for two apps side by side.
func TestSixSteps(t *testing.T) {
	t.Parallel()
	for _, app := range []string{"echo", "foxtrot"} {
		t.Run(app, func(t *testing.T) {
			t.Parallel()
			sixSteps(begin(t, app), app)
		})
	}
}

func sixSteps(s *story, app string) {
	for step := 1; step <= steps; step++ {
		file := fmt.Sprintf("step-%d.yaml", step)
		s.step("kubectl apply -f %s", file)
		if warned := s.apply(as(read(s.T, "six-steps", file), app, app)).mustSucceed().warnings(); len(warned) > 0 {
			s.Errorf("%s must go without a warning, got %q", file, warned)
		}
		s.siblings(seed(s.T, app, app, step))
	}
	s.step("kubectl delete deployment %s-v1", app)
	s.kubectl("", "delete", "deployment", app+"-v1").mustSucceed()
	s.gone("deployments", app+"-v1")
	s.siblings(seed(s.T, app, app, steps))
}

// seed gives what the chart renders in a step, typed from the seed's text.
func seed(t *testing.T, app, namespace string, step int) []*unstructured.Unstructured {
	t.Helper()
	text := ""
	for _, file := range []string{"service.yaml", "upstream.yaml", fmt.Sprintf("routetable-%d.yaml", step)} {
		text += as(read(t, "seed", file), app, namespace) + "---\n"
	}
	return decode(t, text)
}

// siblings waits until the siblings are as wanted: the whole spec of an Upstream
// and a RouteTable, and a Service's ports, selector and type.
func (s *story) siblings(want []*unstructured.Unstructured) {
	s.Helper()
	for _, w := range want {
		expected := s.compared(s.defaulted(w))
		s.eventually(fmt.Sprintf("%s %s to be as in the seed", w.GetKind(), w.GetName()), func() error {
			is, err := s.get(resources[w.GetKind()], w.GetName())
			if err != nil {
				return err
			}
			if diff := cmp.Diff(expected, s.compared(is)); diff != "" {
				return errors.New("(-want +got)\n" + diff)
			}
			return nil
		})
	}
}

var resources = map[string]string{"Service": "services", "Upstream": "upstreams", "RouteTable": "routetables", "Deployment": "deployments"}

// defaulted gives an object as the API server would store it. Gloo's kinds have
// no defaults in their spec.
func (s *story) defaulted(o *unstructured.Unstructured) *unstructured.Unstructured {
	s.Helper()
	if o.GetKind() != "Service" {
		return o
	}
	o = o.DeepCopy()
	o.SetNamespace(metav1.NamespaceDefault)
	o.SetName("defaulted-" + o.GetName())
	out, err := s.objects.Resource(gvr("services")).Namespace(o.GetNamespace()).
		Create(s.Context(), o, metav1.CreateOptions{DryRun: []string{metav1.DryRunAll}})
	if err != nil {
		s.Fatal(err)
	}
	return out
}

// compared is the part of a sibling that must be as in the seed.
func (s *story) compared(o *unstructured.Unstructured) any {
	spec, _, _ := unstructured.NestedMap(o.Object, "spec")
	switch o.GetKind() {
	case "Service":
		return map[string]any{"ports": spec["ports"], "selector": spec["selector"], "type": spec["type"]}
	case "RouteTable":
		return map[string]any{"spec": spec, "apiGroup": o.GetLabels()["apiGroup"]}
	}
	return spec
}

// TestSeedIsTypedRight compares what was typed from the seed's text with what
// Helm's engine makes of the seed's chart.
func TestSeedIsTypedRight(t *testing.T) {
	t.Parallel()
	s := begin(t, "seed-is-typed-right")
	for _, app := range []string{"echo", "foxtrot"} {
		for step := 1; step <= steps; step++ {
			rendered := map[string]any{}
			for _, o := range chart(t, app, app, step) {
				rendered[o.GetKind()+" "+o.GetName()] = s.compared(s.defaulted(o))
			}
			for _, o := range seed(t, app, app, step) {
				name := o.GetKind() + " " + o.GetName()
				if diff := cmp.Diff(s.compared(s.defaulted(o)), rendered[name]); diff != "" {
					t.Errorf("step %d, %s (-typed +rendered)\n%s", step, name, diff)
				}
			}
		}
	}
}

// chart renders the seed's chart with the values of a step, in Helm's order.
func chart(t *testing.T, release, namespace string, step int) []*unstructured.Unstructured {
	t.Helper()
	helm, err := aviary.Tool(t.Context(), "helm", testWriter{t})
	if err != nil {
		t.Fatal(err)
	}
	root, err := aviary.Root()
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(root, "e2e", "helm")
	out, err := output(t.Context(), helm, "-order", "-chart", filepath.Join(dir, "chart"),
		"-release", release, "-namespace", namespace, "-values", filepath.Join(dir, "values", fmt.Sprintf("%d.yaml", step)))
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, out)
}

// output runs a program and gives what it prints.
func output(ctx context.Context, program string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, program, args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("%s: %w: %s", filepath.Base(program), err, exit.Stderr)
	}
	return string(out), err
}

// testWriter writes to a test's log.
type testWriter struct{ t *testing.T }

func (w testWriter) Write(p []byte) (int, error) {
	w.t.Logf("%s", p)
	return len(p), nil
}
