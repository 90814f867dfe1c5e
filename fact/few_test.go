package fact_test

import (
	"fmt"
	"strings"
	"testing"

	"aviary.dev/convention"
	"aviary.dev/fact"
)

// No more is kept of an object than what may matter, whatever is written; what is missing counts as possibly there.
func TestFewAreKept(t *testing.T) {
	t.Parallel()
	many := func(n int, form string) string {
		var out []string
		for i := range n {
			out = append(out, fmt.Sprintf(form, i))
		}
		return strings.Join(out, ", ")
	}
	template := func(labels string) *fact.Workload {
		text := "metadata: {name: w, namespace: a}\nspec: {template: {metadata: {labels: {version: v1, " + labels + "}}}}"
		return decode(t, "apps", "Deployment", text).(*fact.Workload)
	}
	for name, c := range map[string]struct {
		labels string
		cut    bool
	}{
		"Thirty": {many(30, "k%d: x"), false},
		"Many":   {many(1000, "k%d: x"), true},
		"Long":   {many(10, "k%d: "+strings.Repeat("x", 500)), true},
	} {
		w := template(c.labels)
		size := 0
		for k, v := range w.Labels {
			size += len(k) + len(v)
		}
		if (w.Cut != "") != c.cut || len(w.Labels) > 32 || size > 4<<10 || w.Labels["version"] != "v1" {
			t.Errorf("%s: cut at %q, %d labels of %d bytes", name, w.Cut, len(w.Labels), size)
		}
		if got := w.Carries(map[string]string{"z": "y"}); got != c.cut {
			t.Errorf("%s: carries a label that is not kept: %t", name, got)
		}
		if w.Carries(map[string]string{"a": "x"}) {
			t.Errorf("%s: carries a label that would be kept", name)
		}
		if w.Carries(map[string]string{"version": "v2"}) || !w.Carries(map[string]string{"version": "v1"}) {
			t.Errorf("%s: it is not of v1", name)
		}
	}
	s := decode(t, "", "Service", "metadata: {name: s}\nspec: {selector: {"+many(1000, "k%d: x")+"}, ports: ["+
		many(1000, "{port: 1%03d}")+"]}").(*fact.Service)
	if len(s.Selector) > 32 || len(s.Ports) != fact.MaxServicePorts || len(s.Targets) != len(s.Ports) {
		t.Errorf("of a Service %d labels and %d ports are kept", len(s.Selector), len(s.Ports))
	}
	u := decode(t, "gloo.solo.io", "Upstream", "spec: {kube: {selector: {"+many(1000, "k%d: x")+"}}}").(*fact.Backend)
	if len(u.Selector) > 32 {
		t.Errorf("of an Upstream %d labels are kept", len(u.Selector))
	}
	ns := decode(t, "", "Namespace", "metadata: {name: ns, labels: {"+many(1000, "aa%d: x")+
		", aviary.dev/self-service: 'false'}, annotations: {aviary.dev/api-group: '"+
		many(1000, "g%d")+"'}}").(*fact.Namespace)
	if ns.Labels[convention.KeySelfService] != "false" {
		t.Error("what an administrator says of a Namespace is not kept")
	}
	if len(ns.Labels) > 32 || len(ns.APIGroups) > 200 {
		t.Errorf("of a Namespace %d labels and %d groups are kept", len(ns.Labels), len(ns.APIGroups))
	}
}
