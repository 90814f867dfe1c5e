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

// How soon after the end of a leader siblings must exist, or an Event must report what two
// concurrent requests left behind. Only the limits fail the test, because the machine may be busy.
const (
	stopTarget, stopLimit         = 2 * time.Second, 10 * time.Second
	killTarget, killLimit         = 20 * time.Second, 40 * time.Second
	raceKillTarget, raceKillLimit = 25 * time.Second, 45 * time.Second
	etcdPause                  = 10 * time.Second
)

// pair is a plane with two replicas of Aviary. A replica that exits is started again, as the
// kubelet would.
type pair struct {
	*plane
	replicas [2]*aviary.Instance
	held     atomic.Pointer[aviary.Instance] // Not to be started again yet.
}

// TestReplicas stops and kills Aviary's leader, the API server and etcd, while somebody applies all
// the time.
func TestReplicas(t *testing.T) {
	t.Parallel()
	p := startPair(t)
	stream := p.stream(t)
	t.Run("leader stopped", func(t *testing.T) {
		q := beginDirect(t, p.plane, "stopped")
		began, ended := p.endLeader(t, (*aviary.Instance).Stop)
		p.timeNewApp(q, began, "after a clean stop", stopTarget, stopLimit)
		ended()
	})
	t.Run("leader killed", func(t *testing.T) { p.testKilledLeader(t) })
	t.Run("API server restarted", func(t *testing.T) {
		q := beginDirect(t, p.plane, "restarted")
		began := time.Now()
		if err := p.StartAPIServer(t.Context()); err != nil {
			t.Fatal(err)
		}
		t.Logf("the API server was gone for %s", time.Since(began).Round(time.Millisecond))
		p.timeNewApp(q, time.Now(), "after a restart of the API server", killTarget, 2*killLimit)
	})
	t.Run("etcd stopped", func(t *testing.T) {
		q := beginDirect(t, p.plane, "etcd")
		resume := p.pauseProcess(t, "etcd")
		over := time.NewTimer(etcdPause)
		<-over.C
		resume()
		p.timeNewApp(q, time.Now(), "after etcd was gone for "+etcdPause.String(), killTarget, 2*killLimit)
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

// leader waits until both replicas are ready and one leads, and returns that one.
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

// endLeader ends the leader in the background and returns when it began to. ended waits for that,
// and lets the replica be started again.
func (p *pair) endLeader(t *testing.T, how func(*aviary.Instance) error) (began time.Time, ended func()) {
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

// timeNewApp applies an app, again until it is admitted, and measures when its siblings exist.
func (p *pair) timeNewApp(q direct, began time.Time, what string, target, limit time.Duration) {
	q.Helper()
	took := newDurations()
	q.eventually("the app to be taken", func() error { return q.create(v("v1", "role=primary").String()) })
	q.eventually("siblings "+what, func() error {
		table, err := q.get("routetables", "echo-routes")
		if err == nil && traffic(table) != allToV1 {
			err = fmt.Errorf("it sends %q", traffic(table))
		}
		return err
	})
	took.add(time.Since(began))
	took.report(q.T, "siblings of a new app stand "+what, target, limit)
}

// testKilledLeader kills the leader while a new app is applied, and after two requests have left a
// route to a deleted version.
func (p *pair) testKilledLeader(t *testing.T) {
	raced := beginDirect(t, p.plane, "killed-crossing")
	raced.check(raced.create(manifestsOf(v("v1", "role=primary"), v("v2", "role=standby"))))
	raced.waitTraffic("echo", allToV1)
	q := beginDirect(t, p.plane, "killed")
	bypass := direct{raced.bypass()}

	began, ended := p.endLeader(t, (*aviary.Instance).Kill)
	bypass.check(bypass.create(bypass.tableTo("by-hand", "echo", "v2")))
	bypass.check(bypass.delete("deployments", "echo-v2"))
	var wait sync.WaitGroup
	wait.Go(func() { p.timeNewApp(q, began, "after a killed leader", killTarget, killLimit) })
	took := newDurations()
	took.add(raced.waitRuleBroken("version-deployed", began))
	took.report(t, "a hand-made route on a deleted version has its Event, across a killed leader,", raceKillTarget, raceKillLimit)
	wait.Wait()
	ended()
	metrics, err := p.leader(t).Metrics(t.Context())
	if err != nil || metrics.Sum("aviary_standing_findings", "rule", "version-deployed", "namespace", raced.namespace) == 0 {
		t.Errorf("the new leader's aviary_standing_findings must tell of it: %v", err)
	}
}

// pauseProcess halts a process of the control plane until resume is called.
func (p *pair) pauseProcess(t *testing.T, name string) (resume func()) {
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
