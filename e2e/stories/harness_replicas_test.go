package stories

import (
	"context"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/aviary"
	"aviary.dev/e2e/controlplane"
)

// pair is a plane with two replicas of Aviary. A replica that exits is started again, as the
// kubelet would.
type pair struct {
	*plane
	replicas [2]*aviary.Instance
	held     atomic.Pointer[aviary.Instance] // Not to be started again yet.
}

// startPair starts a pair.
func startPair(t *testing.T) *pair {
	t.Helper()
	return startPairWith(t, func(*plane) aviary.Options { return aviary.Options{} })
}

// startPairWith starts a pair with options for Aviary that may depend on the plane.
func startPairWith(t *testing.T, options func(*plane) aviary.Options) *pair {
	t.Helper()
	return startPairOn(t, controlplane.Options{WithoutControllers: true}, options)
}

// startPairOn starts a pair on a control plane with options of its own.
func startPairOn(t *testing.T, cp controlplane.Options, options func(*plane) aviary.Options) *pair {
	t.Helper()
	p := &pair{plane: ownPlane(t, cp)}
	o := options(p.plane)
	o.Balanced = true
	p.install(t, o)
	p.replicas[0] = p.aviary
	var err error
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
	err := wait.PollUntilContextTimeout(t.Context(), 50*time.Millisecond, killLimit, true,
		func(ctx context.Context) (bool, error) {
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

// ready reports whether both replicas are ready.
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
