package stories

import (
	"testing"
	"time"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
	"aviary.dev/e2e/lagging"
)

// TestLagging runs Aviary behind a proxy that delays its watches. No controllers run: Deployments
// have the status that the story writes, so nothing else hides what Aviary does.
func TestLagging(t *testing.T) {
	t.Parallel()
	p := ownPlane(t, controlplane.Options{WithoutControllers: true})
	proxy, err := lagging.Start(p.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = proxy.Close() })
	p.install(t, aviary.Options{Via: proxy.Kubeconfig})
	t.Run("delayed by 2 s", func(t *testing.T) {
		testLaggingPairs(t, p, "delayed", func() { proxy.Delay(2 * time.Second) })
		proxy.Delay(0)
	})
	t.Run("stopped", func(t *testing.T) {
		testLaggingPairs(t, p, "stopped", proxy.Stall)
		proxy.Delay(0)
	})
	t.Run("a first installation", func(t *testing.T) { testLaggingInstall(t, p, proxy) })
	t.Run("concurrent requests, hand-made route", func(t *testing.T) { testRaceOnHandMadeRoute(t, p, proxy) })
	t.Run("concurrent requests, generated route", func(t *testing.T) { testRaceOnGeneratedRoute(t, p, proxy) })
}
