package stories

import (
	"fmt"
	"strings"
	"testing"

	"aviary.dev/e2e/lagging"
)

// testLaggingInstall installs an app while Aviary's caches are stopped. Nothing that was created just before may be
// called absent. On a busy machine Aviary may lack the second that it has for a second look; then another app is
// installed, twice at most.
func testLaggingInstall(t *testing.T, p *plane, proxy *lagging.Proxy) {
	defer proxy.Delay(0)
	q, missed := installLagging(t, p, proxy, 1)
	for try := 2; missed != "" && try <= 3; try++ {
		undecided.Add(1)
		q, missed = installLagging(t, p, proxy, try)
	}
	if missed != "" {
		t.Errorf("all is there, but it warns: %s", missed)
	}
	q.step("what is not there is refused as if the caches had seen all")
	q.apply(q.table("to-v9", destination{"v9", 0})).mustSucceed() // Nobody serves yet: a first installation.
	q.check(q.setAvailable("echo-v1", "echo-v2"))
	q.apply(q.table("to-v8", destination{"v8", 0})).mustFail("[version-deployed]", "(deployed: v1, v2)")
}

// installLagging installs an app in a namespace of its own, and returns a warning that something is missing, if there
// is one.
func installLagging(t *testing.T, p *plane, proxy *lagging.Proxy, try int) (q direct, missed string) {
	t.Helper()
	proxy.Delay(0)
	q = beginDirect(t, p, fmt.Sprintf("lagging-install-%d", try))
	proxy.Stall()
	for _, w := range q.apply(plainApp(q.story)).mustSucceed().warnings() {
		if strings.Contains(w, "[version-deployed]") || strings.Contains(w, "[upstream-known]") {
			missed = w
		}
	}
	return q, missed
}
