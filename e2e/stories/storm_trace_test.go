package stories

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// writeTrace writes a file with one line for each request and its answer.
func (w *stormRun) writeTrace(t *testing.T, apps []*stormApp, failed bool) {
	t.Helper()
	var all []tracedRequest
	for _, a := range apps {
		all = append(all, a.trace...)
	}
	slices.SortFunc(all, func(x, y tracedRequest) int { return x.begin.Compare(y.begin) })
	var b strings.Builder
	count := map[string]int{}
	for _, x := range all {
		result := "admitted"
		switch {
		case len(x.request.Rules) > 0:
			result = "denied by " + strings.Join(x.request.Rules, ", ")
			for _, rule := range x.request.Rules {
				count["denied by "+rule]++
			}
		case noVerdict(x.err):
			result = "no verdict"
		case x.err != nil:
			result = x.err.Error()
		}
		if len(x.request.Rules) == 0 && (x.err == nil || noVerdict(x.err)) {
			count[result]++
		}
		fmt.Fprintf(&b, "%s +%s %s: %s\n", x.begin.UTC().Format("15:04:05.000"),
			x.end.Sub(x.begin).Round(time.Millisecond), x.request.What, result)
	}
	t.Logf("%d requests: %v", len(all), count)
	dir := t.ArtifactDir()
	path := filepath.Join(dir, "storm-trace.txt")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Error(err)
	}
	if failed {
		t.Logf("the trace:\n%s", b.String())
	}
}
