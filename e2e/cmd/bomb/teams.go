package main

import "fmt"

// teamsObjects are a VirtualService, and the namespace, the app and a RouteTable made by hand of each team.
func teamsObjects() []string {
	out := []string{virtualService("/extra-0")}
	for i := range teams {
		ns := teamOf(i)
		out = append(out, fmt.Sprintf(`{"apiVersion":"v1","kind":"Namespace","metadata":{"name":%q}}`, ns),
			version(ns, "v1", `"aviary.dev/role":"primary","aviary.dev/promoted-at":"2026-01-02T03:04:05.000Z"`),
			version(ns, "v2", `"aviary.dev/role":"canary","aviary.dev/ungated":"true","aviary.dev/weight":"10"`),
			byHand(ns, "by-hand", 10))
	}
	return out
}

func teamOf(i int) string { return fmt.Sprintf("team-%d", i) }

// virtualService delegates to all tables of the group.
func virtualService(own string) string {
	return `{"apiVersion":"gateway.solo.io/v1","kind":"VirtualService",` +
		`"metadata":{"name":"public","namespace":"default"},"spec":{"virtualHost":{"domains":["*"],"routes":[` +
		`{"matchers":[{"prefix":"` + own + `"}],` +
		`"redirectAction":{"hostRedirect":"x"}},{"matchers":[{"prefix":"/"}],"delegateAction":` +
		`{"selector":{"labels":{"apiGroup":"example"},"namespaces":["*"]}}}]}}}`
}

func version(namespace, name, role string) string {
	labels := fmt.Sprintf(`{"app":"app","version":%q}`, name)
	return fmt.Sprintf(`{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app-%s","namespace":%q,`+
		`"annotations":{"aviary.dev/app":"app","aviary.dev/api-group":"example",%s,"aviary.dev/paths":"/%s"}},`+
		`"spec":{"replicas":1,"selector":{"matchLabels":%s},"template":{"metadata":{"labels":%s},`+
		`"spec":{"containers":[{"name":"main","image":"none","ports":[{"containerPort":80}]}]}}}}`,
		name, namespace, role, namespace, labels, labels)
}

// byHand is a RouteTable of redirects.
func byHand(namespace, name string, routes int) string {
	return fmt.Sprintf(`{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":%q,"namespace":%q,`+
		`"labels":{"apiGroup":"example"}},"spec":{"routes":[%s]}}`, name, namespace, list(routes, func(i int) string {
		return fmt.Sprintf(`{"matchers":[{"prefix":"/%s/%s/%d"}],"redirectAction":{"hostRedirect":"x"}}`, namespace, name, i)
	}))
}
