package main

import (
	"fmt"
	"strings"
)

// tenant is whose objects the bomb is made of.
const tenant = "b"

// variant is one form of a bomb.
type variant struct {
	name, kind string
	// refused: the rule size-limits refuses more of it.
	refused bool
	// unbounded: others' requests take longer, as docs/threat-model.md says. It is tried only where it is asked for.
	unbounded bool
	// object is the n-th object, as JSON.
	object func(n, parts int) string
}

var variants = []variant{
	{name: "delegations", kind: "RouteTable", refused: true, object: func(n, parts int) string {
		return table(n, parts, `{"matchers":[{"prefix":"/b/%d/%d"}],"delegateAction":{"selector":{"namespaces":["*"],`+
			`"labels":{"nobody":"has"}}}}`)
	}},
	// Such as lead to everybody's tables, and to each other.
	{name: "matching-delegations", kind: "RouteTable", refused: true, unbounded: true, object: func(n, parts int) string {
		return table(n, parts, `{"matchers":[{"prefix":"/b/%d/%d"}],"delegateAction":{"selector":{"namespaces":["*"],`+
			`"labels":{"apiGroup":"example"}}}}`)
	}},
	{name: "routes", kind: "RouteTable", refused: true, object: func(n, parts int) string {
		return table(n, parts, `{"matchers":[{"prefix":"/b/%d/%d"}],"redirectAction":{"hostRedirect":"x"}}`)
	}},
	// At one path, which all of them have.
	{name: "matchers", kind: "RouteTable", refused: true, object: func(n, parts int) string {
		matchers := list(parts, func(i int) string {
			return fmt.Sprintf(`{"prefix":"/b","headers":[{"name":"x","value":"%d-%d"}]}`, n, i)
		})
		return object("RouteTable", n, `"labels":{"apiGroup":"example"}`,
			`"routes":[{"matchers":[`+matchers+`],"redirectAction":{"hostRedirect":"x"}}]`)
	}},
	{name: "regexes", kind: "RouteTable", refused: true, object: func(n, parts int) string {
		return table(n, parts, `{"matchers":[{"regex":"/b/%d/%d/([a-z]+[0-9]*|[^/]{1,20})+/.*"}],`+
			`"redirectAction":{"hostRedirect":"x"}}`)
	}},
	{name: "annotations", kind: "RouteTable", object: func(n, parts int) string {
		return object("RouteTable", n, `"annotations":{`+pairs(parts, 300)+`}`, `"routes":[]`)
	}},
	{name: "labels", kind: "Deployment", object: func(n, parts int) string {
		return object("Deployment", n, "", `"replicas":0,"selector":{"matchLabels":{"bomb":"`+fmt.Sprint(n)+`"}},`+
			`"template":{"metadata":{"labels":{"bomb":"`+fmt.Sprint(n)+`",`+pairs(parts, 40)+`}},`+
			`"spec":{"containers":[{"name":"c","image":"none"}]}}`)
	}},
	{name: "ports", kind: "Service", object: func(n, parts int) string {
		ports := list(min(parts, 500), func(i int) string { return fmt.Sprintf(`{"name":"p%d","port":%d}`, i, 1000+i) })
		return object("Service", n, "", `"clusterIP":"None","selector":{`+pairs(parts, 40)+`},"ports":[`+ports+`]`)
	}},
	{name: "namespace-labels", kind: "Namespace", object: func(n, parts int) string {
		return object("Namespace", n, `"labels":{`+pairs(parts, 40)+`}`, "")
	}},
}

// table is a RouteTable of routes with two numbers in them.
func table(n, parts int, route string) string {
	return object("RouteTable", n, `"labels":{"apiGroup":"example"}`,
		`"routes":[`+list(parts, func(i int) string { return fmt.Sprintf(route, n, i) })+`]`)
}

func object(kind string, n int, metadata, spec string) string {
	if metadata != "" {
		metadata = "," + metadata
	}
	namespace := fmt.Sprintf(`,"namespace":%q`, tenant)
	if kind == "Namespace" {
		namespace = ""
	}
	return fmt.Sprintf(`{"apiVersion":%q,"kind":%q,"metadata":{"name":"bomb-%d"%s%s},"spec":{%s}}`,
		versions[kind], kind, n, namespace, metadata, spec)
}

// pairs are labels or annotations with values of so many bytes.
func pairs(n, bytes int) string {
	return list(n, func(i int) string { return fmt.Sprintf(`"k%d":%q`, i, strings.Repeat("v", bytes)) })
}

func list(n int, one func(int) string) string {
	out := make([]string, n)
	for i := range out {
		out[i] = one(i)
	}
	return strings.Join(out, ",")
}
