package gloo

import (
	"aviary.dev/convention"
	"aviary.dev/route"
)

// object is a mapping in an object's text, with whole numbers as int64.
type object = map[string]any

// fallbackPolicies are Gloo's names of them; what is left out is not written, and Gloo then takes ANY_ENDPOINT.
var fallbackPolicies = map[convention.Fallback]string{
	convention.FallbackAny:  "ANY_ENDPOINT",
	convention.FallbackNone: "NO_FALLBACK",
}

// writeUpstream returns the spec of a planned backend.
func writeUpstream(namespace string, b convention.Backend) object {
	kube := object{
		"serviceName": b.Service, "serviceNamespace": namespace, "servicePort": int64(b.Port), "selector": texts(b.Selector),
	}
	if len(b.SubsetKeys) > 0 {
		subsets := object{"selectors": []any{object{"keys": list(b.SubsetKeys)}}}
		if policy := fallbackPolicies[b.Fallback]; policy != "" {
			subsets["fallbackPolicy"] = policy
		}
		kube["subsetSpec"] = subsets
	}
	return object{"kube": kube}
}

// writeRoutes returns the spec of a RouteTable with these routes.
func writeRoutes(routes []route.Route) object {
	out := make([]any, len(routes))
	for i, r := range routes {
		matchers := make([]any, len(r.Matchers))
		for k, m := range r.Matchers {
			matchers[k] = writeMatcher(m)
		}
		written := object{"matchers": matchers, "routeAction": writeAction(r)}
		if m := r.Mirror; m != nil {
			written["options"] = object{"shadowing": object{
				"upstream": writeRef(m.Ref), "percentage": int64(100),
			}}
		}
		out[i] = written
	}
	return object{"routes": out}
}

func writeAction(r route.Route) object {
	if !r.Weighted {
		return object{"single": writeDestination(r.Destinations[0])}
	}
	destinations := make([]any, len(r.Destinations))
	for i, d := range r.Destinations {
		destinations[i] = object{"destination": writeDestination(d), "weight": d.Weight.Value}
	}
	return object{"multi": object{"destinations": destinations}}
}

func writeDestination(d route.Destination) object {
	out := object{"upstream": writeRef(d.Backend.Ref)}
	if len(d.Backend.Labels) > 0 {
		out["subset"] = object{"values": texts(d.Backend.Labels)}
	}
	return out
}

func writeMatcher(m route.Matcher) object {
	kind := "prefix"
	switch m.Path.Kind {
	case route.Exact:
		kind = "exact"
	case route.Regex:
		kind = "regex"
	default:
	}
	out := object{kind: m.Path.Value}
	if len(m.Headers) > 0 {
		headers := make([]any, len(m.Headers))
		for i, h := range m.Headers {
			headers[i] = object{"name": h.Name, "value": h.Value}
		}
		out["headers"] = headers
	}
	return out
}

func writeRef(r route.Ref) object { return object{"name": r.Name, "namespace": r.Namespace} }

func texts(m map[string]string) object {
	out := make(object, len(m))
	for k, v := range m {
		out[k] = v
	}
	return out
}

func list(values []string) []any {
	out := make([]any, len(values))
	for i, v := range values {
		out[i] = v
	}
	return out
}
