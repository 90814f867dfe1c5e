package stories

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// testAuditWithoutGloo audits a cluster that doesn't serve Gloo's kinds.
func testAuditWithoutGloo(t *testing.T, plane *plane) {
	s := beginOn(t, plane, "audit-without-gloo")
	const labels = `{app: echo, version: v1}`
	s.apply(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: echo-v1, annotations: {aviary.dev/app: echo, aviary.dev/weight: '101'}}
spec:
  selector: {matchLabels: ` + labels + `}
  template:
    metadata: {labels: ` + labels + `}
    spec: {containers: [{name: echo, image: none, ports: [{containerPort: 80}]}]}
`).mustSucceed()
	p := s.cli()
	r := p.audit("--namespace=" + s.namespace)
	p.mustSay("no Gloo", r, 1,
		"the cluster does not serve Upstream, UpstreamGroup, RouteTable, VirtualService; skipped")
	if diff := cmp.Diff([]string{"annotations-valid Deployment echo-v1"}, slices.Compact(r.found)); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}
