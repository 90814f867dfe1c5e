package stories

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// isolate renames the case's namespaces, domains and server names to ones that no other case has.
func (c *verdictCase) isolate() {
	namespaces := map[string]bool{}
	seen := map[*unstructured.Unstructured]bool{}
	all := slices.Concat(c.before, c.after)
	for _, o := range all {
		if o.GetKind() == "Namespace" {
			namespaces[c.renamed(o.GetName())] = true
		} else {
			if o.GetNamespace() == "" {
				o.SetNamespace("default")
			}
			namespaces[c.renamed(o.GetNamespace())] = true
		}
	}
	var everywhere []any
	for ns := range namespaces {
		everywhere = append(everywhere, ns)
	}
	slices.SortFunc(everywhere, func(a, b any) int { return strings.Compare(a.(string), b.(string)) })
	for _, o := range all {
		if seen[o] {
			continue
		}
		seen[o] = true
		if o.GetKind() == "Namespace" {
			o.SetName(c.renamed(o.GetName()))
		}
		if o.GetKind() == "VirtualService" {
			domains, _, _ := unstructured.NestedSlice(o.Object, "spec", "virtualHost", "domains")
			if len(domains) == 0 {
				_ = unstructured.SetNestedSlice(o.Object, []any{"*"}, "spec", "virtualHost", "domains")
			}
			if config := encryption(o); config != nil && config["sniDomains"] == nil {
				_ = unstructured.SetNestedSlice(o.Object, []any{"every"}, "spec", "sslConfig", "sniDomains")
			}
		}
		c.isolateValue(o.Object, everywhere)
	}
}

// forEveryName reports whether one of several sslConfigs is for every server name, which is then the other cases', too.
func (c *verdictCase) forEveryName() bool {
	all, named := 0, 0
	for _, o := range slices.Concat(c.before, c.after) {
		if config := encryption(o); config != nil {
			all++
			if config["sniDomains"] != nil {
				named++
			}
		}
	}
	return all > 1 && named < all && !c.corpus
}

// encryption returns the sslConfig of a VirtualService; nil of one without, and of other objects.
func encryption(o *unstructured.Unstructured) map[string]any {
	if o.GetKind() != "VirtualService" {
		return nil
	}
	config, _, _ := unstructured.NestedMap(o.Object, "spec", "sslConfig")
	return config
}

// renamed returns the case's name for a namespace.
func (c *verdictCase) renamed(namespace string) string { return namespace + "-" + c.id }

// isolateValue renames the namespaces and domains in a value.
func (c *verdictCase) isolateValue(value any, everywhere []any) {
	switch v := value.(type) {
	case []any:
		for _, e := range v {
			c.isolateValue(e, everywhere)
		}
	case map[string]any:
		for key, e := range v {
			text, isText := e.(string)
			list, isList := e.([]any)
			switch {
			case isText && (key == "namespace" || key == "serviceNamespace") && text != "":
				v[key] = c.renamed(text)
			case isList && key == "namespaces":
				v[key] = c.renamedList(list, everywhere)
			case isList && (key == "domains" || key == "sniDomains"):
				for i, d := range list {
					host, port, found := strings.Cut(d.(string), ":")
					if list[i] = host + "." + c.id + ".test"; found {
						list[i] = list[i].(string) + ":" + port
					}
				}
			default:
				c.isolateValue(e, everywhere)
			}
		}
	}
}

// renamedList renames a list of namespaces; "*" becomes all namespaces of the case.
func (c *verdictCase) renamedList(list, everywhere []any) []any {
	var out []any
	for _, ns := range list {
		if ns == "*" {
			return slices.Clone(everywhere)
		}
		out = append(out, c.renamed(ns.(string)))
	}
	return out
}
