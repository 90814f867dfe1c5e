package stories

import "testing"

// testAviaryUninstalled uninstalls Aviary and looks at what stays.
func testAviaryUninstalled(t *testing.T, p *plane) {
	s := beginOn(t, p, "uninstalled")
	noApp, noNamespace := beginOn(t, p, "uninstalled-no-app"), beginOn(t, p, "uninstalled-no-namespace")
	for _, x := range []*story{s, noApp, noNamespace} {
		x.shiftHalf()
	}
	before := s.siblingUIDs()
	s.step("the webhook configurations are deleted first, in one command; then everything else")
	s.kubectl("", "delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", "aviary").mustSucceed()
	s.must(p.aviary.Stop())
	_, _, err := p.Kubectl(t.Context(), "", "delete", "clusterrole,clusterrolebinding,namespace",
		"-l", "app.kubernetes.io/name=aviary", "--timeout=60s")
	s.must(err)
	s.waitTraffic("echo", halfToV2)
	if now := s.siblingUIDs(); now != before {
		t.Errorf("the siblings must stay: they were %s, are %s", before, now)
	}
	s.step("no webhook is called any more, and Kubernetes still deletes what belongs to a deleted object")
	noApp.kubectl("", "delete", "deployment", "echo-v1", "echo-v2").mustSucceed()
	noApp.waitNoSiblings()
	noNamespace.deleteNamespace()
	s.storeUnreadable()
}

// unreadable is a RouteTable that only a CRD without a schema admits.
const unreadable = `{apiVersion: gateway.solo.io/v1, kind: RouteTable,
metadata: {name: unreadable, namespace: default}, spec: {routes: {weight: "50"}}}`

// storeUnreadable stores it while the CRD has no schema.
func (s *story) storeUnreadable() {
	s.Helper()
	s.step("an object is stored that the CRD's schema would not admit")
	const crd, schema = "routetables.gateway.solo.io", "/spec/versions/0/schema/openAPIV3Schema/properties/spec"
	put := func(value string) {
		s.jsonPatch("crd", crd, `[{"op": "replace", "path": "`+schema+`", "value": `+value+`}]`).mustSucceed()
	}
	before := s.kubectl("", "get", "crd", crd, "-o",
		"jsonpath={.spec.versions[0].schema.openAPIV3Schema.properties.spec}").mustSucceed().stdout
	put(`{"type": "object", "x-kubernetes-preserve-unknown-fields": true}`)
	s.eventually("the API server to admit it", func() error {
		_, _, err := s.Kubectl(s.Context(), unreadable, "apply", "-f", "-")
		return err
	})
	put(before)
}
