package stories

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/util/wait"
)

// failurePolicyColumns is the head of each outage's table.
const failurePolicyColumns = "| entry | request | what its user sees | within | what heals | within |\n" +
	"|---|---|---|---|---|---|\n"

// row is what was observed of one webhook entry during one outage.
type row struct {
	entry          entry
	sees, within   string
	heals, healing string
	took, healed   time.Duration
	open           bool
}

func (r row) markdown(c request) string {
	return fmt.Sprintf("| %s `%s` (%s, %d s) | %s | %s | %s | %s | %s |\n", c.kind,
		strings.TrimSuffix(c.entry, ".aviary.dev"), r.entry.policy,
		int(r.entry.timeout.Seconds()), c.what, r.sees, r.within, r.heals, r.healing)
}

func poll(ctx context.Context, try func() error) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, healWithin, true,
		func(context.Context) (bool, error) {
			last = try()
			return last == nil, nil
		})
	if err != nil {
		return errors.Join(err, last)
	}
	return nil
}

var broken = strings.NewReplacer("connection reset by peer", "connection refused", "broken pipe", "connection refused",
	": EOF", ": connection refused",
	"unexpected EOF", "connection refused", "http2: client connection lost", "connection refused")

// sendDuring sends the request during the outage and compares what its user sees with what the
// entry's failurePolicy says.
func (s *story) sendDuring(c request, x outage, e entry, r *row) error {
	ctx, cancel := context.WithTimeout(s.Context(), 30*time.Second)
	defer cancel()
	began := time.Now()
	err := c.do(ctx, s)
	r.entry, r.took, r.open = e, time.Since(began), e.policy == "Ignore"
	least, most := time.Duration(0), tolerance
	r.within = "at once"
	if x.slow {
		least = e.timeout
		mutatedBefore := c.kind == "validating" && c.entry == "deployments.aviary.dev"
		if mutatedBefore || strings.Contains(c.stopped, "webhook") {
			least = 4 * time.Second // Both entries are asked, one after the other.
		}
		most = 2*least + tolerance // Twice if the object changed meanwhile.
		r.within = fmt.Sprintf("%d s", int(least.Seconds()))
	}
	if r.took < least-instant/10 || r.took > most {
		return fmt.Errorf("it took %s, must take from %s to %s", r.took, least, most)
	}
	switch {
	case !r.open || c.stopped != "":
		want := fmt.Sprintf("failed calling webhook %q", c.entry)
		if r.open {
			want = c.stopped
		}
		if x.id == "down" && err != nil { // The error of a connection that was in use has other words.
			err = errors.New(broken.Replace(err.Error()))
		}
		parts, byWebhook := []string{want}, strings.Contains(want, "webhook")
		if byWebhook {
			parts = append(parts, x.message)
		}
		if err == nil || !containsAll(err.Error(), parts) {
			return fmt.Errorf("it must be refused with %q, got %w", parts, err)
		}
		r.sees = "refused: `" + want
		if byWebhook {
			r.sees += ": … " + x.message
		}
		r.sees += "`"
		if r.open {
			r.sees = "this entry is passed over; " + r.sees
		}
		r.heals, r.healing = "the same request again", "at once"
	default:
		if err != nil {
			return fmt.Errorf("it must be admitted, got %w", err)
		}
		r.sees = "admitted unjudged, without a word"
		r.heals = fmt.Sprintf("the re-judgement: `aviary_standing_findings{rule=%q}`", c.rule)
		r.healing = "5 s of a leader"
		if c.event {
			r.heals += " and an Event `RuleBroken`"
		}
	}
	return nil
}

// waitHealed waits, after the end of the outage, for what heals the request according to its row.
func (s *story) waitHealed(c request, ended time.Time, r *row) error {
	ctx, cancel := context.WithTimeout(s.Context(), healWithin)
	defer cancel()
	defer func() { r.healed = time.Since(ended) }()
	if c.rule == "" {
		return poll(ctx, func() error {
			if err := c.do(ctx, s); err != nil && !apierrors.IsAlreadyExists(err) {
				return err
			}
			return nil
		})
	}
	return poll(ctx, func() error {
		metrics, err := s.aviary.Metrics(ctx)
		if err != nil {
			return err
		}
		if metrics.Sum("aviary_standing_findings", "namespace", s.namespace, "rule", c.rule) == 0 {
			return fmt.Errorf("no standing finding of %s in %s", c.rule, s.namespace)
		}
		if !c.event {
			return nil
		}
		count, err := s.events("RuleBroken", "["+c.rule+"]")
		if err == nil && count == 0 {
			err = fmt.Errorf("no Event of %s in %s", c.rule, s.namespace)
		}
		return err
	})
}

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
