package stories

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"

	"aviary.dev/e2e/storm"
)

// stormApp is an app in a namespace of its own, which clients write to.
type stormApp struct {
	q, bypass direct
	recorder  *recorder

	mu    sync.Mutex
	trace []tracedRequest
}

// tracedRequest is a request that was answered.
type tracedRequest struct {
	storm.Request
	err error
}

// newApp creates an app with a primary.
func (w *stormRun) newApp(t *testing.T, namespace string) *stormApp {
	t.Helper()
	q := beginDirect(t, w.plane, namespace)
	a := &stormApp{q: q, bypass: direct{q.bypass()}, recorder: q.record()}
	q.check(q.create(v("v1", "role=primary").String()))
	q.waitTraffic("echo", allToV1)
	return a
}

// newAppWithoutPrimaryPod creates an app whose primary has no Pod, and whose canary has half of the
// traffic.
func (w *stormRun) newAppWithoutPrimaryPod(t *testing.T) *stormApp {
	t.Helper()
	a := w.newApp(t, "storm-no-primary-pod")
	a.q.check(a.q.create(v("v2", "role=canary", "weight=50").String()))
	a.q.check(a.q.setAvailable("echo-v2"))
	a.q.waitTraffic("echo", halfToV2)
	return a
}

// toggleCanary takes the canary's Pod away, or gives it back.
func (a *stormApp) toggleCanary() {
	d, err := a.q.get("deployments", "echo-v2")
	if err != nil {
		return
	}
	replicas := 1
	if readVersion(d).Available > 0 {
		replicas = 0
	}
	_ = a.available("echo-v2", replicas)
}

// available writes the number of available replicas into a Deployment's status. One that is scaled
// to 0 has none.
func (a *stormApp) available(deployment string, replicas int) error {
	d, err := a.q.get("deployments", deployment)
	if err != nil {
		return err
	}
	const status = `{"status": {"replicas": 1, "readyReplicas": %[1]d, "availableReplicas": %[1]d}}`
	patch := fmt.Sprintf(status, min(replicas, readVersion(d).Replicas))
	return a.q.patch(a.q.Context(), "Deployment", deployment, patch, "status")
}

// send sends a request and adds the answer to the trace.
func (a *stormApp) send(w *stormRun, client, what string, change storm.Change, request func() error) {
	begin := time.Now()
	err := request()
	end := time.Now()
	if err == nil {
		w.admitted.Add(1)
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.trace = append(a.trace, tracedRequest{storm.Request{
		What:  fmt.Sprintf("%s by %s in %s at %s", what, client, a.q.namespace, begin.UTC().Format("15:04:05.000")),
		Begin: begin, End: end, Admitted: err == nil, Denied: findingsOf(err), Change: change,
		FailsOpen: change.Edit != nil && change.Edit.Replicas != nil,
	}, err})
}

// findingsOf returns the reasons for a denial. It returns none if nothing was denied, or if Aviary
// asks to try again.
func findingsOf(err error) (findings []storm.Finding) {
	if err == nil || !denied(err) {
		return nil
	}
	status, ok := errors.AsType[*apierrors.StatusError](err)
	if !ok {
		return []storm.Finding{{Rule: err.Error()}}
	}
	for line := range strings.SplitSeq(status.ErrStatus.Message, "\n") {
		if m := ruleTag.FindStringSubmatch(line); m != nil && !strings.HasSuffix(line, "again") {
			findings = append(findings, storm.Finding{Rule: m[1], Text: line})
		}
	}
	return findings
}
