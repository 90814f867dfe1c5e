package stories

import (
	"bufio"
	"cmp"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// aviaryUser is who Aviary is to the API server.
const aviaryUser = "system:serviceaccount:aviary-system:aviary"

// written is a write of an object, as the API server's audit log tells of it.
type written struct {
	User struct{ Username string }
	Verb string
	// ObjectRef has a subresource where the write was to one.
	ObjectRef struct{ Resource, Namespace, Name, Subresource string }
	// RequestReceivedTimestamp and StageTimestamp are when the request came and
	// when it was answered.
	RequestReceivedTimestamp, StageTimestamp time.Time
	ResponseStatus                           struct{ Code int }
}

// writes gives the writes that succeeded in the story's namespace, in the order
// in which they were answered. The log is written before the answer is.
func (s *story) writes() (out []written) {
	s.Helper()
	if s.AuditLog == "" {
		s.Skip("the cluster existed before, and its audit log is out of reach")
	}
	files, err := filepath.Glob(strings.TrimSuffix(s.AuditLog, ".log") + "*.log") // It is rotated when it is large.
	if err != nil {
		s.Fatal(err)
	}
	for _, path := range files {
		out = append(out, s.readWrites(path)...)
	}
	slices.SortStableFunc(out, func(a, b written) int { return a.StageTimestamp.Compare(b.StageTimestamp) })
	return out
}

func (s *story) readWrites(path string) (out []written) {
	s.Helper()
	file, err := os.Open(path) //nolint:gosec // because it is the control plane's own.
	if err != nil {
		s.Fatal(err)
	}
	defer file.Close() //nolint:errcheck // because it was only read.
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !strings.Contains(lines.Text(), s.namespace) {
			continue
		}
		var w written
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			s.Fatalf("the audit log has a line that is no JSON: %v", err)
		}
		if w.ObjectRef.Namespace == s.namespace && w.ResponseStatus.Code < 300 && slices.Contains([]string{"create", "update", "patch", "delete"}, w.Verb) {
			out = append(out, w)
		}
	}
	if err := lines.Err(); err != nil {
		s.Fatal(err)
	}
	return out
}

// percentiles gives the median, the 99th percentile and the longest.
func percentiles(took []time.Duration) (p50, p99, most time.Duration) {
	slices.SortFunc(took, cmp.Compare)
	return took[len(took)/2].Round(time.Millisecond), took[max(0, len(took)*99/100-1)].Round(time.Millisecond), took[len(took)-1].Round(time.Millisecond)
}
