package stories

import "testing"

func testAviaryUninstalled(t *testing.T, p *plane) {
	s, goes, last := beginOn(t, p, "uninstalled"), beginOn(t, p, "goes-uninstalled"), beginOn(t, p, "last-uninstalled")
	for _, x := range []*story{s, goes, last} {
		x.shiftHalf()
	}
	before := s.siblingUIDs()
	s.step("the webhook configurations go first, in one command; then all the rest")
	s.kubectl("", "delete", "mutatingwebhookconfiguration,validatingwebhookconfiguration", "aviary").mustSucceed()
	if err := p.aviary.Stop(); err != nil {
		t.Fatal(err)
	}
	_, _, err := p.Kubectl(t.Context(), "", "delete", "clusterrole,clusterrolebinding,namespace", "-l", "app.kubernetes.io/name=aviary", "--timeout=60s")
	if err != nil {
		t.Fatal(err)
	}
	s.waitTraffic("echo", halfToV2)
	if now := s.siblingUIDs(); now != before {
		t.Errorf("the siblings must stay: they were %s, are %s", before, now)
	}
	s.step("nobody is asked any more, and Kubernetes goes on cleaning up")
	last.kubectl("", "delete", "deployment", "echo-v1", "echo-v2").mustSucceed()
	last.waitNoSiblings()
	goes.deleteNamespace()
	s.storeUnreadable()
}

// unreadable is a RouteTable that only a CRD without a schema admits.
const unreadable = `{apiVersion: gateway.solo.io/v1, kind: RouteTable, metadata: {name: unreadable, namespace: default}, spec: {routes: {weight: "50"}}}`

// storeUnreadable stores it while the CRD has no schema.
func (s *story) storeUnreadable() {
	s.Helper()
	s.step("an object is stored that a later schema would not let pass")
	const crd, schema = "routetables.gateway.solo.io", "/spec/versions/0/schema/openAPIV3Schema/properties/spec"
	put := func(value string) {
		s.kubectl("", "patch", "crd", crd, "--type=json", `-p=[{"op": "replace", "path": "`+schema+`", "value": `+value+`}]`).mustSucceed()
	}
	before := s.kubectl("", "get", "crd", crd, "-o", "jsonpath={.spec.versions[0].schema.openAPIV3Schema.properties.spec}").mustSucceed().stdout
	put(`{"type": "object", "x-kubernetes-preserve-unknown-fields": true}`)
	s.eventually("the API server to take it", func() error {
		_, _, err := s.Kubectl(s.Context(), unreadable, "apply", "-f", "-")
		return err
	})
	put(before)
}
