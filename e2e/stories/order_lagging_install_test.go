package stories

import (
	"strings"
	"testing"

	"aviary.dev/e2e/lagging"
)

// testLaggingInstall installs an app while Aviary's caches are stopped. Nothing that was created just before may be
// called absent.
func testLaggingInstall(t *testing.T, p *plane, proxy *lagging.Proxy) {
	q := beginDirect(t, p, "lagging-install")
	proxy.Stall()
	defer proxy.Delay(0)
	for _, w := range q.apply(plainApp(q.story)).mustSucceed().warnings() {
		if strings.Contains(w, "[version-deployed]") || strings.Contains(w, "[upstream-known]") {
			t.Errorf("all is there, but it warns: %s", w)
		}
	}
	q.step("what is not there is refused as if the caches had seen all")
	q.apply(q.table("to-v9", destination{"v9", 0})).mustSucceed() // Nobody serves yet: a first installation.
	q.check(q.setAvailable("echo-v1", "echo-v2"))
	q.apply(q.table("to-v8", destination{"v8", 0})).mustFail("[version-deployed]", "(deployed: v1, v2)")
}
