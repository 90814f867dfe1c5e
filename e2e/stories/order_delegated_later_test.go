package stories

import (
	"testing"
	"time"
)

// TestBroughtTogether has a new VirtualService delegate to two RouteTables with the same path. Each
// RouteTable was right before.
func TestBroughtTogether(t *testing.T) {
	t.Parallel()
	spaces := []direct{beginDirect(t, shared, "together-a"), beginDirect(t, shared, "together-b")}
	for _, q := range spaces {
		q.check(q.create(`
apiVersion: gateway.solo.io/v1
kind: RouteTable
metadata: {name: by-hand, labels: {apiGroup: example}}
spec: {routes: [{matchers: [{prefix: /together}], redirectAction: {hostRedirect: example.com}}]}
`))
	}
	began, took := time.Now(), newDurations()
	spaces[0].check(spaces[0].create(domain("together", spaces)))
	for _, q := range spaces {
		took.add(q.waitRuleBroken("path-owned", began))
	}
	took.report(t, "RouteTables of one path, delegated to later, have their Events", raceTarget, raceLimit)
}
