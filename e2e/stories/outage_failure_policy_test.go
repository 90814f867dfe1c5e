package stories

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// outage is a state in which Aviary's webhooks don't answer as they should.
type outage struct {
	id, title, about string
	// says is the end of the API server's error message.
	message       string
	slow       bool
	begin, end func(s *story)
}

func (s *story) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

var outages = []outage{
	{
		id: "down", title: "Aviary is down", message: "connection refused",
		about: "No replica runs, or none is ready: the Service has no endpoint. It ends when one is ready, seconds after it starts.",
		begin: func(s *story) { s.must(s.aviary.Stop()) },
		end:   func(s *story) { s.must(s.aviary.Start(s.Context())) },
	},
	{
		id: "slow", title: "Aviary is slow beyond its time-out", message: "context deadline exceeded", slow: true,
		about: "It takes connections and does not answer (here its process is halted). The API server waits for as long as the entry's `timeoutSeconds`; validating entries are asked side by side, after the mutating ones. Where the object changed meanwhile it asks again, so all may take twice as long. A leader that is halted for 10 s loses its Lease, ends, and is started again.",
		begin: func(s *story) { s.must(s.aviary.Signal(syscall.SIGSTOP)) },
		end:   func(s *story) { s.must(s.aviary.Signal(syscall.SIGCONT)) },
	},
	{
		id: "certificate", title: "Aviary's certificate is not valid", message: "certificate signed by unknown authority",
		about: "It is of another CA than the configurations' `caBundle` (one that expired is refused alike). The API server notices when it connects anew. It ends when the right certificate is in the Secret, without a restart.",
		begin: func(s *story) {
			other, err := controlplane.NewCA("another")
			s.must(err)
			s.must(s.aviary.ReissueFrom(other))
			s.must(s.aviary.Restart(s.Context()))
		},
		end: func(s *story) { s.must(s.aviary.Reissue()) },
	},
	{
		id: "starting", title: "Aviary is starting", message: "Aviary is starting and has not yet seen all",
		about: "It runs but has not yet seen every object, so `/readyz` says no and the Service does not send requests to it; with no other replica that is *down*. This is what is seen if it is asked nevertheless. It ends when it has seen all.",
		begin: func(s *story) {
			s.must(s.aviary.Stop())
			s.kubectl("", "delete", "clusterrolebinding", "aviary").mustSucceed()
			s.must(s.aviary.Launch())
			s.eventually("Aviary to listen and not to be ready", func() error {
				if _, err := s.served(s.bundles()); err != nil {
					return err
				}
				err := s.aviary.Ready(s.Context())
				if err == nil || !strings.Contains(err.Error(), "inventory") {
					return fmt.Errorf("/readyz must say that the inventory is not complete, says %w", err)
				}
				return nil
			})
		},
		end: func(s *story) {
			s.kubectl("", "create", "clusterrolebinding", "aviary", "--clusterrole=aviary", "--serviceaccount=aviary-system:aviary").mustSucceed()
			s.must(s.aviary.Start(s.Context()))
		},
	},
}

// Generous limits, because the machine may be busy.
const (
	instant    = time.Second // "at once" means less
	tolerance  = 6 * time.Second
	healWithin = 40 * time.Second
)

// testFailurePolicy shows, for each webhook entry and each outage, what a user sees and what heals
// it, and compares that with docs/failure-policy.md.
func testFailurePolicy(t *testing.T, p *plane) {
	s := &story{T: t, plane: p, namespace: "aviary-system"}
	entries := s.entries()
	if len(entries) != len(requests) {
		t.Errorf("there are %d entries in the webhook configurations and requests for %d: each must have one", len(entries), len(requests))
	}
	page := failurePolicyHead
	for _, x := range outages {
		page += fmt.Sprintf("\n## %s\n\n%s\n\n| entry | request | what its user sees | within | what heals | within |\n|---|---|---|---|---|---|\n", x.title, x.about)
		cells := make([]*story, len(requests))
		s.eachRequest(func(i int, c request) error {
			cells[i] = &story{T: t, plane: p, namespace: fmt.Sprintf("%s-%s-%s", x.id, c.kind[:1], strings.TrimSuffix(c.entry, ".aviary.dev"))}
			return cells[i].prepare(c)
		})
		s.step("%s", x.title)
		s.must(s.aviary.Start(t.Context()))
		x.begin(s)
		rows := make([]row, len(requests))
		s.eachRequest(func(i int, c request) error { return cells[i].sendDuring(c, x, entries[c.kind+" "+c.entry], &rows[i]) })
		x.end(s)
		ended := time.Now()
		stop := s.restartWhenEnded()
		s.eachRequest(func(i int, c request) error { return cells[i].waitHealed(c, ended, &rows[i]) })
		stop()
		for i, c := range requests {
			page += rows[i].markdown(c)
			t.Logf("%-11s %-10s %-32s answered in %-8s healed in %s", x.id, c.kind, c.entry,
				rows[i].took.Round(time.Millisecond), rows[i].healed.Round(time.Millisecond))
		}
		s.failedOpen(cells, rows)
	}
	compareDocs(t, "failure-policy.md", page)
}

// restartWhenEnded starts Aviary again whenever it exits, as the kubelet would, until stop is
// called.
func (s *story) restartWhenEnded() (stop func()) {
	ctx, cancel := context.WithCancel(s.Context())
	var done sync.WaitGroup
	done.Go(func() {
		wait.UntilWithContext(ctx, func(context.Context) {
			if err := s.aviary.Launch(); err != nil {
				s.Error(err)
			}
		}, 100*time.Millisecond)
	})
	return func() { cancel(); done.Wait() }
}

// eachRequest runs a function for all requests in parallel.
func (s *story) eachRequest(do func(int, request) error) {
	s.Helper()
	var all sync.WaitGroup
	errs := make([]error, len(requests))
	for i, c := range requests {
		all.Go(func() {
			if err := do(i, c); err != nil {
				errs[i] = fmt.Errorf("%s %s: %w", c.kind, c.entry, err)
			}
		})
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		s.Error(err)
	}
}

// entry is what the installed configuration says about one webhook.
type entry struct {
	policy  string
	timeout time.Duration
}

func (s *story) entries() map[string]entry {
	s.Helper()
	out := map[string]entry{}
	for _, kind := range []string{"mutating", "validating"} {
		config, err := s.objects.Resource(admission(kind+"webhookconfigurations")).Get(s.Context(), "aviary", metav1.GetOptions{})
		s.must(err)
		for _, w := range list(config.Object, "webhooks") {
			seconds, _, _ := unstructured.NestedInt64(w, "timeoutSeconds")
			out[kind+" "+w["name"].(string)] = entry{w["failurePolicy"].(string), time.Duration(seconds) * time.Second}
		}
	}
	return out
}

// prepare creates the request's namespace and the objects it needs, while Aviary works.
func (s *story) prepare(c request) error {
	ctx, cancel := context.WithTimeout(s.Context(), waitLimit)
	defer cancel()
	namespace := "apiVersion: v1\nkind: Namespace\nmetadata: {name: " + s.namespace + ", annotations: {aviary.dev/api-group: example}}\n"
	if err := s.create(ctx, namespace); err != nil {
		return err
	}
	objects, err := aviary.Decode(c.before(s))
	if err != nil || len(objects) == 0 {
		return err
	}
	for _, o := range objects {
		err := poll(ctx, func() error { // what defaults a Deployment may fail open while the machine is busy
			err := s.createObject(ctx, o.DeepCopy())
			if apierrors.IsAlreadyExists(err) {
				return nil
			}
			return err
		})
		if err != nil {
			return err
		}
	}
	return poll(ctx, func() error { _, err := s.get("upstreams", "echo"); return err })
}
