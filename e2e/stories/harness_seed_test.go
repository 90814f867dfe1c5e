package stories

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/e2e/aviary"
)

const steps = 6

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
			got, err := s.get(kinds[w.GetKind()].Resource, w.GetName())
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
	s.must(err)
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
		"-release", release, "-namespace", namespace, "-values", filepath.Join(dir, "values",
			fmt.Sprintf("%d.yaml", step)))
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, out)
}

// moduleDir returns the folder of a Go module that the module in dir requires.
func (s *story) moduleDir(dir, module string) string {
	s.Helper()
	cmd := exec.CommandContext(s.Context(), "go", "list", "-m", "-f", "{{.Dir}}", module)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		s.Fatalf("find module %s: %v", module, err)
	}
	return strings.TrimSpace(string(out))
}

// output runs a program and returns what it prints.
func output(ctx context.Context, program string, args ...string) (string, error) {
	out, err := exec.CommandContext(ctx, program, args...).Output()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("%s: %w: %s", filepath.Base(program), err, exit.Stderr)
	}
	return string(out), err
}

// forApp rewrites manifests of app echo in namespace echo for another app and namespace.
func forApp(manifests, app, namespace string) string {
	renamed := strings.NewReplacer("http-echo", "http-echo", "echo", app)
	var out strings.Builder
	for line := range strings.Lines(manifests) {
		if namespaceLine.MatchString(strings.TrimSuffix(line, "\n")) {
			out.WriteString(namespaceLine.ReplaceAllString(strings.TrimSuffix(line, "\n"), "${1}"+namespace) + "\n")
		} else {
			out.WriteString(renamed.Replace(line))
		}
	}
	return out.String()
}

var namespaceLine = regexp.MustCompile(`(?m)((?:n|serviceN)amespace: )echo$`)
