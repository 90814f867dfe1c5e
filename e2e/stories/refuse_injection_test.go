package stories

import (
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// mustNotInject applies annotations that look like YAML. They must appear as plain values in the
// siblings, and no sibling may appear in another namespace.
func (s *story) mustNotInject() {
	s.Helper()
	const path, header = `/a:&b*c!d'e`, `{{x}}: &a *b !!c # {d: e}`
	primary := v("v1", "role=primary", "paths="+path).of("inject")
	for _, bad := range []string{"/a\n  kind: Secret", "/a: {b}", `/"a"`} {
		s.apply(v("v1", "role=primary", "paths="+bad).of("inject").String()).mustFail("[annotations-valid]")
	}
	s.apply(primary.String()).mustSucceed()
	canary := v("v2", "role=canary", "weight=10", "paths="+path, "headers=stage="+header).of("inject")
	s.apply(canary.String()).mustSucceed()
	s.eventually("the RouteTable", func() error {
		table, err := s.get("routetables", "inject-routes")
		if err != nil {
			return err
		}
		routes := list(table.Object, "spec", "routes")
		if len(routes) != 2 {
			return fmt.Errorf("it has %d routes", len(routes))
		}
		matcher := list(routes[0], "matchers")[0]
		value, _, _ := unstructured.NestedString(list(matcher, "headers")[0], "value")
		if matcher["prefix"] != path || value != header {
			return fmt.Errorf("it has the matcher %v", matcher)
		}
		return nil
	})
	for _, namespace := range []string{"kube-system", "kube-public", "default"} {
		for _, resource := range []string{"routetables", "upstreams"} {
			client := s.objects.Resource(gvr(resource)).Namespace(namespace)
			objects, err := client.List(s.Context(), metav1.ListOptions{})
			s.must(err)
			for _, o := range objects.Items {
				s.Errorf("%s %s was created in namespace %s", resource, o.GetName(), namespace)
			}
		}
	}
}
