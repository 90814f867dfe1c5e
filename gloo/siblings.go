package gloo

import (
	"encoding/json"
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"aviary.dev/convention"
)

// Siblings gives the objects that should stand beside the app, in the order in which they are applied: Service,
// Upstreams and, if the plan routes, the RouteTable. They carry Aviary's mark and nothing of a cluster's: no owner, no
// UID. WasPrimary is what [convention.App.WasPrimary] makes of the table's record; empty writes none.
//
// The same app and plan give the same objects, and numbers are as the API server's answers decode them.
func Siblings(app *convention.App, p convention.Plan, wasPrimary string) []*unstructured.Unstructured {
	var out []*unstructured.Unstructured
	if p.Service != nil {
		out = append(out, sibling(app, serviceKind, p.Service.Name, writeService(p.Service)))
	}
	for _, u := range p.Upstreams {
		out = append(out, sibling(app, GlooGroup.WithKind(KindUpstream), u.Name, WriteUpstream(app.Namespace, u)))
	}
	if len(p.Routes) > 0 {
		t := sibling(app, GatewayGroup.WithKind(KindRouteTable), convention.TableName(app.Name), WriteRoutes(p.Routes))
		labels := t.GetLabels()
		if p.APIGroup != "" {
			labels[app.Keys().APIGroup] = p.APIGroup
		}
		t.SetLabels(labels)
		annotations := map[string]string{convention.KeySummary: p.Summary()}
		if wasPrimary != "" {
			annotations[convention.KeyWasPrimary] = wasPrimary
		}
		t.SetAnnotations(annotations)
		out = append(out, t)
	}
	return out
}

var serviceKind = schema.GroupVersionKind{Version: "v1", Kind: "Service"}

func sibling(app *convention.App, kind schema.GroupVersionKind, name string, spec any) *unstructured.Unstructured {
	u := &unstructured.Unstructured{Object: map[string]any{"spec": plain(spec)}}
	u.SetGroupVersionKind(kind)
	u.SetNamespace(app.Namespace)
	u.SetName(name)
	u.SetLabels(map[string]string{convention.KeyManagedBy: convention.ManagedBy, convention.KeyApp: app.Name})
	return u
}

// serviceSpec is a Service's spec. The one port has no name, as in the two-phased canary.
type serviceSpec struct {
	Ports    []servicePort     `json:"ports"`
	Selector map[string]string `json:"selector"`
	Type     string            `json:"type"`
}

type servicePort struct {
	Port       int32  `json:"port"`
	TargetPort any    `json:"targetPort"`
	Protocol   string `json:"protocol"`
}

func writeService(s *convention.Service) serviceSpec {
	port := servicePort{Port: s.Port, TargetPort: s.TargetPort, Protocol: "TCP"}
	if n, err := strconv.Atoi(s.TargetPort); err == nil {
		port.TargetPort = n
	}
	return serviceSpec{Ports: []servicePort{port}, Selector: s.Selector, Type: "ClusterIP"}
}

// plain turns a spec into maps, lists and values, with whole numbers as int64.
func plain(spec any) map[string]any {
	var out map[string]any
	data, err := json.Marshal(spec)
	if err == nil {
		err = utiljson.Unmarshal(data, &out)
	}
	if err != nil {
		panic(err) // the types of this package encode and decode
	}
	return out
}
