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

// TestSixSteps goes through the seed's canary workflow for two apps in parallel, with annotated
// Deployments instead of a chart.
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
		if warned := s.apply(forApp(readTestdata(s.T, "six-steps", file), app, app)).mustSucceed().warnings(); len(warned) > 0 {
			s.Errorf("%s must go without a warning, got %q", file, warned)
		}
		s.waitSiblings(seed(s.T, app, app, step))
	}
	s.step("kubectl delete deployment %s-v1", app)
	s.kubectl("", "delete", "deployment", app+"-v1").mustSucceed()
	s.waitGone("deployments", app+"-v1")
	s.waitSiblings(seed(s.T, app, app, steps))
}

// seed returns what the seed's chart renders in a step, as typed from its text.
func seed(t *testing.T, app, namespace string, step int) []*unstructured.Unstructured {
	t.Helper()
	text := ""
	for _, file := range []string{"service.yaml", "upstream.yaml", fmt.Sprintf("routetable-%d.yaml", step)} {
		text += forApp(readTestdata(t, "seed", file), app, namespace) + "---\n"
	}
	return decode(t, text)
}

// waitSiblings waits until the siblings are as wanted: the whole spec of an Upstream and a
// RouteTable, and a Service's ports, selector and type.
func (s *story) waitSiblings(want []*unstructured.Unstructured) {
	s.Helper()
	for _, w := range want {
		expected := s.comparedPart(s.defaulted(w))
		s.eventually(fmt.Sprintf("%s %s to be as in the seed", w.GetKind(), w.GetName()), func() error {
			got, err := s.get(resources[w.GetKind()], w.GetName())
			if err != nil {
				return err
			}
			if diff := cmp.Diff(expected, s.comparedPart(got)); diff != "" {
				return errors.New("(-want +got)\n" + diff)
			}
			return nil
		})
	}
}

var resources = map[string]string{"Service": "services", "Upstream": "upstreams", "RouteTable": "routetables", "Deployment": "deployments"}

// defaulted returns an object as the API server would store it. Gloo's kinds have no defaults in
// their spec.
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

// comparedPart returns the part of a sibling that must be as in the seed.
func (s *story) comparedPart(o *unstructured.Unstructured) any {
	spec, _, _ := unstructured.NestedMap(o.Object, "spec")
	switch o.GetKind() {
	case "Service":
		return map[string]any{"ports": spec["ports"], "selector": spec["selector"], "type": spec["type"]}
	case "RouteTable":
		return map[string]any{"spec": spec, "apiGroup": o.GetLabels()["apiGroup"]}
	}
	return spec
}

// TestSeedIsTypedRight compares the objects in testdata/seed, typed from the seed's text, with what
// Helm's engine renders from the seed's chart.
func TestSeedIsTypedRight(t *testing.T) {
	t.Parallel()
	s := begin(t, "seed-is-typed-right")
	for _, app := range []string{"echo", "foxtrot"} {
		for step := 1; step <= steps; step++ {
			rendered := map[string]any{}
			for _, o := range chart(t, app, app, step) {
				rendered[o.GetKind()+" "+o.GetName()] = s.comparedPart(s.defaulted(o))
			}
			for _, o := range seed(t, app, app, step) {
				name := o.GetKind() + " " + o.GetName()
				if diff := cmp.Diff(s.comparedPart(s.defaulted(o)), rendered[name]); diff != "" {
					t.Errorf("step %d, %s (-typed +rendered)\n%s", step, name, diff)
				}
			}
		}
	}
}

// chart renders the seed's chart with the values of a step, in Helm's order.
func chart(t *testing.T, release, namespace string, step int) []*unstructured.Unstructured {
	t.Helper()
	helm, err := aviary.BuildTool(t.Context(), "helm", testWriter{t})
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

// output runs a program and returns what it prints.
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
