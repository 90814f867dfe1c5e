package gloo

import (
	"encoding/json"

	"aviary.dev/route"
)

// AnnotationUpstreamConfig on a Service configures the upstream that Gloo makes of it in memory (gloo-api §3.4).
const AnnotationUpstreamConfig = "gloo.solo.io/upstream_config"

// AnnotationSkipValidation turns Gloo's own validation of an object off if it is "true" (gloo-api §5.2).
const AnnotationSkipValidation = "gateway.solo.io/skip_validation"

// other tells what a destination is that is no upstream. The ref of kube has no default namespace (gloo-api §8).
func (d *Destination) other() *route.Other {
	switch {
	case stated(d.Kube):
		var kube struct {
			Ref Ref `json:"ref"`
		}
		if json.Unmarshal(d.Kube, &kube) != nil {
			return &route.Other{Kind: "kube"} // of another shape than the CRD has it
		}
		return &route.Other{Kind: "kube", Service: route.Ref{Namespace: kube.Ref.Namespace, Name: kube.Ref.Name}}
	case stated(d.Consul):
		return &route.Other{Kind: "consul"}
	}
	return nil
}

// stated reports whether a field is there; null is as absent.
func stated(raw json.RawMessage) bool { return len(raw) > 0 && string(raw) != "null" }
