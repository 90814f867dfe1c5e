package stories

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"
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

// markdown returns the row of the page.
func (r row) markdown(c request) string {
	return fmt.Sprintf("| %s `%s` (%s, %d s) | %s | %s | %s | %s | %s |\n", c.kind,
		strings.TrimSuffix(c.entry, ".aviary.dev"), r.entry.policy,
		int(r.entry.timeout.Seconds()), c.what, r.sees, r.within, r.heals, r.healing)
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
		if c.rule == "" {
			r.heals, r.healing = "nothing needs to: a warning is missed", "at once"
			break
		}
		r.heals = fmt.Sprintf("the re-judgement: `aviary_standing_findings{rule=%q}`", c.rule)
		r.healing = "5 s of a leader"
		if c.event {
			r.heals += " and an Event `RuleBroken`"
		}
	}
	return nil
}
