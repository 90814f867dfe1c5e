package stories

import (
	"testing"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// TestGeneratedDocs compares three pages of docs with what a real Aviary does: metrics.md,
// hostile-input.md and failure-policy.md. It needs a plane of its own, because Aviary's requests
// are counted, its memory is measured, and it is stopped and started. The parts run one after
// another.
func TestGeneratedDocs(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, controlplane.Options{})
	p.install(t, aviary.Options{Config: docsConfig})
	t.Run("metrics", func(t *testing.T) { testMetrics(t, p) })
	t.Run("hostile input", func(t *testing.T) { testHostileInput(t, p) })
	t.Run("Kubernetes goes on", func(t *testing.T) { testKubernetesGoesOn(t, p) })
	t.Run("failure policy", func(t *testing.T) { testFailurePolicy(t, p) })
}

// docsConfig has an exception, so that the metrics can count its use.
const docsConfig = aviary.DefaultConfig + `exceptions:
- rule: weights-sum
  match: {namespace: metrics, kind: RouteTable, name: "old-*"}
  reason: the metrics must tell of it
  expires: 2999-01-31
`
