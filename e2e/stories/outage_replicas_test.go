package stories

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// The times within which siblings stand, or an Event tells of a crossing, after
// a leader went; the aims, and what fails the test on a busy machine.
const (
	stopAim, stopLimit         = 2 * time.Second, 10 * time.Second
	killAim, killLimit         = 20 * time.Second, 40 * time.Second
	crossKillAim, crossKillMax = 25 * time.Second, 45 * time.Second
	etcdPause                  = 10 * time.Second
)

// pair is a plane with two replicas of Aviary and somebody who starts one again
// that ended, as the kubelet does.
type pair struct {
	*plane
	replicas [2]*aviary.Instance
	held     atomic.Pointer[aviary.Instance] // Not to be started again yet.
}

// TestReplicas stops, kills and cuts off Aviary under a stream of applies.
func TestReplicas(t *testing.T) {
	t.Parallel()
	p := startPair(t)
	stream := p.stream(t)
	t.Run("leader stopped", func(t *testing.T) {
		q := quickly(t, p.plane, "stopped")
		began, ended := p.end(t, (*aviary.Instance).Stop)
		p.stands(q, began, "after a clean stop", stopAim, stopLimit)
		ended()
	})
	t.Run("leader killed", func(t *testing.T) { p.killed(t) })
	t.Run("API server restarted", func(t *testing.T) {
		q := quickly(t, p.plane, "restarted")
		began := time.Now()
		if err := p.StartAPIServer(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Logf("the API server was gone for %s", time.Since(began).Round(time.Millisecond))
		p.stands(q, time.Now(), "after a restart of the API server", killAim, 2*killLimit)
	})
	t.Run("etcd stopped", func(t *testing.T) {
		q := quickly(t, p.plane, "etcd")
		resume := p.pause(t, "etcd")
		over := time.NewTimer(etcdPause)
		<-over.C
		resume()
		p.stands(q, time.Now(), "after etcd was gone for "+etcdPause.String(), killAim, 2*killLimit)
	})
	stream.end(t)
	for _, replica := range p.replicas {
		if strings.Contains(replica.Logs(), "DATA RACE") {
			t.Errorf("a replica has a data race:\n%s", replica.Logs())
		}
	}
}

func startPair(t *testing.T) *pair {
	t.Helper()
	return startPairWith(t, func(*plane) aviary.Options { return aviary.Options{} })
}

// startPairWith starts a pair with options for Aviary that may depend on the plane.
func startPairWith(t *testing.T, options func(*plane) aviary.Options) *pair {
	t.Helper()
	plane, err := startPlaneWith(t.Context(), controlplane.Options{WithoutControllers: true, Progress: testWriter{t}})
	if err != nil {
		t.Fatal(err)
	}
	p := &pair{plane: plane}
	t.Cleanup(func() {
		if p.close() != 0 {
			t.Error("the control plane did not end well")
		}
	})
	o := options(plane)
	o.Balanced, o.Progress = true, testWriter{t}
	if p.aviary, err = aviary.Install(t.Context(), p.ControlPlane, o); err != nil {
		t.Fatal(err)
	}
	p.replicas[0] = p.aviary
	if p.replicas[1], err = p.aviary.Join(t.Context()); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var kubelets sync.WaitGroup
	t.Cleanup(func() { cancel(); kubelets.Wait() })
	for _, replica := range p.replicas {
		kubelets.Go(func() {
			wait.UntilWithContext(ctx, func(ctx context.Context) {
				if !replica.Alive() && p.held.Load() != replica {
					_ = replica.Start(ctx) // If it ends again, it is started again.
				}
			}, 100*time.Millisecond)
		})
	}
	return p
}

// leader waits until one of the replicas leads.
func (p *pair) leader(t *testing.T) (leader *aviary.Instance) {
	t.Helper()
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, killLimit, true, func(ctx context.Context) (bool, error) {
		for _, replica := range p.replicas {
			if replica.Leads(ctx) {
				leader = replica
			}
		}
		return leader != nil && p.ready(ctx), nil
	})
	if err != nil {
		t.Fatalf("wait for a leader beside another replica: %v", err)
	}
	return leader
}

func (p *pair) ready(ctx context.Context) bool {
	return p.replicas[0].Ready(ctx) == nil && p.replicas[1].Ready(ctx) == nil
}

// end ends the leader, from the returned time on and at the same time as what
// follows; the returned function lets it be started again.
func (p *pair) end(t *testing.T, how func(*aviary.Instance) error) (began time.Time, ended func()) {
	t.Helper()
	leader := p.leader(t)
	p.held.Store(leader)
	began = time.Now()
	done := make(chan error, 1)
	go func() { done <- how(leader) }()
	return began, func() {
		if err := <-done; err != nil {
			t.Error(err)
		}
		p.held.Store(nil)
	}
}

// stands applies an app, for as long as nobody takes it, and measures when its
// siblings stand.
func (p *pair) stands(q quick, since time.Time, what string, aim, limit time.Duration) {
	q.Helper()
	took := newTimes()
	q.eventually("the app to be taken", func() error { return q.create(v("v1", "role=primary").String()) })
	q.eventually("siblings "+what, func() error {
		table, err := q.get("routetables", "echo-routes")
		if err == nil && traffic(table) != allToV1 {
			err = fmt.Errorf("it sends %q", traffic(table))
		}
		return err
	})
	took.add(time.Since(since))
	took.report(q.T, "siblings of a new app stand "+what, aim, limit)
}

// killed kills the leader while an app comes, and while two requests cross.
func (p *pair) killed(t *testing.T) {
	crossed := quickly(t, p.plane, "killed-crossing")
	crossed.must(crossed.create(together(v("v1", "role=primary"), v("v2", "role=standby"))))
	crossed.flows("echo", allToV1)
	q := quickly(t, p.plane, "killed")
	past := quick{crossed.past()}

	began, ended := p.end(t, (*aviary.Instance).Kill)
	past.must(past.create(past.route("by-hand", "echo", "v2")))
	past.must(past.delete("deployments", "echo-v2"))
	var wait sync.WaitGroup
	wait.Go(func() { p.stands(q, began, "after a killed leader", killAim, killLimit) })
	took := newTimes()
	took.add(crossed.told("version-deployed", began))
	took.report(t, "a hand-made route on a deleted version has its Event, across a killed leader,", crossKillAim, crossKillMax)
	wait.Wait()
	ended()
	metrics, err := p.leader(t).Metrics(t.Context())
	if err != nil || metrics.Sum("aviary_standing_findings", "rule", "version-deployed", "namespace", crossed.namespace) == 0 {
		t.Errorf("the new leader's aviary_standing_findings must tell of it: %v", err)
	}
}

// pause stops a process of the control plane until the returned function is called.
func (p *pair) pause(t *testing.T, name string) (resume func()) {
	t.Helper()
	for _, process := range p.Processes() {
		if process.Name != name {
			continue
		}
		signal := func(s syscall.Signal) {
			if err := syscall.Kill(-process.PID, s); err != nil {
				t.Error(err)
			}
		}
		signal(syscall.SIGSTOP)
		resume = sync.OnceFunc(func() { signal(syscall.SIGCONT) })
		t.Cleanup(resume)
		return resume
	}
	t.Fatalf("there is no process %s", name)
	return nil
}
