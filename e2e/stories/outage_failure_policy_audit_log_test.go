package stories

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

// failedOpen expects the audit log to name each entry that failed open.
func (s *story) failedOpen(stories []*story, rows []row) {
	s.Helper()
	s.eventually("the audit log to say what failed open", func() error {
		log, err := os.ReadFile(s.AuditLog)
		if err != nil {
			return err
		}
		failed := map[string]bool{} // "namespace entry"
		for line := range strings.Lines(string(log)) {
			if !strings.Contains(line, `"failed-open.`) {
				continue
			}
			var e struct {
				ObjectRef   struct{ Namespace string }
				Annotations map[string]string
			}
			if json.Unmarshal([]byte(line), &e) != nil {
				continue // The last line is only half written.
			}
			for key, value := range e.Annotations {
				if strings.HasPrefix(key, "failed-open.") {
					failed[e.ObjectRef.Namespace+" "+value] = true
				}
			}
		}
		for i, c := range requests {
			if rows[i].open && !failed[stories[i].namespace+" "+c.entry] {
				return fmt.Errorf("it does not say that %s %s failed open in %s", c.kind, c.entry, stories[i].namespace)
			}
		}
		return nil
	})
}
