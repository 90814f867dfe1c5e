package stories

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// aviaryUser is the user that the API server knows Aviary by.
const aviaryUser = "system:serviceaccount:aviary-system:aviary"

// auditEntry is one write of an object in the API server's audit log.
type auditEntry struct {
	User struct{ Username string }
	Verb string
	// ObjectRef has a Subresource only if the write was to one.
	ObjectRef struct{ Resource, Namespace, Name, Subresource string }
	// RequestReceivedTimestamp is when the request arrived, StageTimestamp when it was answered.
	RequestReceivedTimestamp, StageTimestamp time.Time
	ResponseStatus                           struct{ Code int }
}

// auditedWrites returns the successful writes in the story's namespace, in the order of their
// answers. The API server writes its log before it answers, so none is missing.
func (s *story) auditedWrites() (out []auditEntry) {
	s.Helper()
	if s.AuditLog == "" {
		s.Skip("the audit log of an existing cluster is out of reach")
	}
	// A large log is rotated, so there may be several files.
	files, err := filepath.Glob(strings.TrimSuffix(s.AuditLog, ".log") + "*.log")
	s.must(err)
	for _, path := range files {
		out = append(out, s.readAuditLog(path)...)
	}
	slices.SortStableFunc(out, func(a, b auditEntry) int { return a.StageTimestamp.Compare(b.StageTimestamp) })
	return out
}

// readAuditLog returns the writes in one file of the log.
func (s *story) readAuditLog(path string) (out []auditEntry) {
	s.Helper()
	file, err := os.Open(path) //nolint:gosec // because it is the control plane's own.
	s.must(err)
	defer file.Close() //nolint:errcheck // because it was only read.
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		if !strings.Contains(lines.Text(), s.namespace) {
			continue
		}
		var w auditEntry
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			s.Fatalf("the audit log has a line that is not JSON: %v", err)
		}
		write := slices.Contains([]string{"create", "update", "patch", "delete"}, w.Verb)
		if write && w.ObjectRef.Namespace == s.namespace && w.ResponseStatus.Code < 300 {
			out = append(out, w)
		}
	}
	s.must(lines.Err())
	return out
}
