package stories

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"aviary.dev/e2e/storm"
)

// writeTrace writes a file with one line for each request and its answer.
func (w *stormRun) writeTrace(t *testing.T, apps []*stormApp) {
	t.Helper()
	var all []tracedRequest
	for _, a := range apps {
		all = append(all, a.trace...)
	}
	slices.SortFunc(all, func(x, y tracedRequest) int { return x.Begin.Compare(y.Begin) })
	var b strings.Builder
	count := map[string]int{}
	for _, x := range all {
		result := "admitted"
		switch {
		case len(x.Denied) > 0:
			result = "denied"
			for _, f := range x.Denied {
				count["denied by "+f.Rule]++
				result += "\n\t" + f.Text
			}
		case noVerdict(x.err):
			result = "no verdict"
		case x.err != nil:
			result = x.err.Error()
		}
		if len(x.Denied) == 0 && (x.err == nil || noVerdict(x.err)) {
			count[result]++
		}
		fmt.Fprintf(&b, "%s +%s %s: %s\n", x.Begin.UTC().Format("15:04:05.000"),
			x.End.Sub(x.Begin).Round(time.Millisecond), x.What, result)
	}
	t.Logf("%d requests: %v", len(all), count)
	path := filepath.Join(t.ArtifactDir(), "storm-trace.txt")
	if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
		t.Error(err)
	}
}

// keepHistory writes the history into a file. It stays if the storm failed, and can be judged again.
func keepHistory(t *testing.T, histories []storm.History, failed bool) {
	t.Helper()
	dir := t.ArtifactDir()
	if failed {
		var err error
		if dir, err = os.MkdirTemp("", "aviary-storm-"); err != nil { //nolint:usetesting // because it must stay.
			t.Fatal(err)
		}
	}
	path := filepath.Join(dir, "history.json")
	if err := storm.Write(path, histories); err != nil {
		t.Error(err)
	}
	if failed {
		t.Logf("the history is kept; to judge it again: cd e2e && go test ./storm -run TestHistory -history=%s", path)
	}
}
