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
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
)

const failurePolicyHead = `# When Aviary does not answer

Generated: ` + "`cd e2e && go test ./stories -run TestGeneratedDocs -update`" + ` does every row on a control plane of its own, and without -update compares.
Times are classes: *at once* is below a second, the rest follows from ` + "`timeoutSeconds`" + ` in the manifests; on a busy machine all may take longer. What
heals does so from the end of the trouble on; there is a leader again at once after a clean stop, 15 s after a killed one.

What Kubernetes does by itself never waits for Aviary: writes of status, finalizers and owners, foreign annotations, the garbage collector and
the namespace controller pass by match conditions. TestGeneratedDocs counts Aviary's requests meanwhile: none. So a Namespace can always be
deleted. Where nobody can wait for Aviary, delete the two webhook configurations; traffic flows as the siblings say.

The same holds where Aviary answers but could not look something up: an entry with Ignore admits, and says so in a warning, one with Fail
refuses. Under ` + "`enforcement: warn`" + ` those of Fail admit, too, but for what ` + "`sibling-collision` and `may-expand`" + ` are about.
`

// row is what was observed of one webhook entry during one outage.
type row struct {
	entry          entry
	sees, within   string
	heals, healing string
	took, healed   time.Duration
	open           bool
}

func (r row) markdown(c request) string {
	return fmt.Sprintf("| %s `%s` (%s, %d s) | %s | %s | %s | %s | %s |\n", c.kind, strings.TrimSuffix(c.entry, ".aviary.dev"), r.entry.policy,
		int(r.entry.timeout.Seconds()), c.what, r.sees, r.within, r.heals, r.healing)
}

func poll(ctx context.Context, try func() error) error {
	var last error
	err := wait.PollUntilContextTimeout(ctx, 50*time.Millisecond, healWithin, true, func(context.Context) (bool, error) {
		last = try()
		return last == nil, nil
	})
	if err != nil {
		return errors.Join(err, last)
	}
	return nil
}

var broken = strings.NewReplacer("connection reset by peer", "connection refused", "broken pipe", "connection refused", ": EOF", ": connection refused",
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
		if c.kind == "validating" && c.entry == "deployments.aviary.dev" || c.stopped != "" && strings.Contains(c.stopped, "webhook") {
			least = 4 * time.Second // The mutating entry was asked before.
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
		if x.id == "down" && err != nil { // A connection that was in use is told so in other words.
			err = errors.New(broken.Replace(err.Error()))
		}
		if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(want, "webhook") && !strings.Contains(err.Error(), x.message) {
			return fmt.Errorf("it must be refused with %q and %q, got %w", want, x.message, err)
		}
		r.sees = "refused: `" + want
		if strings.Contains(want, "webhook") {
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
		r.heals, r.healing = fmt.Sprintf("the re-judgement: `aviary_standing_findings{rule=%q}`", c.rule), "5 s of a leader"
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
		events, err := s.objects.Resource(schema.GroupVersionResource{Group: "events.k8s.io", Version: "v1", Resource: "events"}).
			Namespace(s.namespace).List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, e := range events.Items {
			if note, _ := e.Object["note"].(string); e.Object["reason"] == "RuleBroken" && strings.Contains(note, "["+c.rule+"]") {
				return nil
			}
		}
		return fmt.Errorf("no Event of %s among %d in %s", c.rule, len(events.Items), s.namespace)
	})
}

// failedOpen expects the audit log to name each entry that failed open.
func (s *story) failedOpen(cells []*story, rows []row) {
	s.Helper()
	s.eventually("the audit log to tell what failed open", func() error {
		log, err := os.ReadFile(s.AuditLog)
		if err != nil {
			return err
		}
		told := map[string]bool{}
		for line := range strings.Lines(string(log)) {
			if !strings.Contains(line, `"failed-open.`) {
				continue
			}
			var e struct {
				ObjectRef   struct{ Namespace string }
				Annotations map[string]string
			}
			if json.Unmarshal([]byte(line), &e) != nil {
				continue // the last line, half written
			}
			for key, value := range e.Annotations {
				if strings.HasPrefix(key, "failed-open.") {
					told[e.ObjectRef.Namespace+" "+value] = true
				}
			}
		}
		for i, c := range requests {
			if rows[i].open && !told[cells[i].namespace+" "+c.entry] {
				return fmt.Errorf("it does not say that %s %s failed open in %s", c.kind, c.entry, cells[i].namespace)
			}
		}
		return nil
	})
}
