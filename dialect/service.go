package dialect

import (
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// ServiceSibling is the app's Service, which stands beside it in every dialect. Its one port has no name, as in the
// two-phased canary.
func ServiceSibling(app *convention.App, s *convention.Service) Sibling {
	ref := route.Ref{Namespace: app.Namespace, Name: s.Name}
	return Sibling{
		ID: route.ID{GroupKind: fact.ServiceKind, Ref: ref},
		Object: func() *unstructured.Unstructured {
			var target any = s.TargetPort
			if n, err := strconv.ParseInt(s.TargetPort, 10, 64); err == nil {
				target = n
			}
			selector := map[string]any{}
			for k, v := range s.Selector {
				selector[k] = v
			}
			port := map[string]any{"port": int64(s.Port), "targetPort": target, "protocol": "TCP"}
			return NewManaged(app, fact.ServiceKind.WithVersion("v1"), s.Name, map[string]any{
				"ports": []any{port}, "selector": selector, "type": "ClusterIP",
			})
		},
		Fact: func() fact.Fact {
			return &fact.Service{
				Ref: ref, Managed: fact.Managed{App: app.Name}, Selector: s.Selector,
				Ports: []int32{s.Port}, Targets: []string{s.TargetPort},
			}
		},
	}
}
