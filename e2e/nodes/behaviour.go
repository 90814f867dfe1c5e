package nodes

import (
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// Annotations of a Pod, which it usually has from the template of its Deployment. They may be
// changed on the Pod at any time.
const (
	// ReadyAnnotation with the value "false" means that the Pod runs but is not ready.
	ReadyAnnotation = "sim.aviary.dev/ready"
	// ReadyAfterAnnotation is a duration: how long the containers take to be ready after a start.
	ReadyAfterAnnotation = "sim.aviary.dev/ready-after"
	// CrashAfterAnnotation is a duration: how long after a start the containers crash. They are
	// restarted with back-off and crash again; with "0s" they are never ready.
	CrashAfterAnnotation = "sim.aviary.dev/crash-after"
)

// behaviour is what a Pod's annotations say of its containers.
type behaviour struct {
	unready    string // Why they are never ready; empty if they may be.
	readyAfter time.Duration
	crashes    bool
	crashAfter time.Duration
}

// behaviourOf reads a Pod's annotations. A value that can't be read makes the Pod not ready, so
// that a test with a mistake in it fails.
func behaviourOf(pod *corev1.Pod) (b behaviour) {
	if pod.Annotations[ReadyAnnotation] == "false" {
		b.unready = "annotation " + ReadyAnnotation + " is false"
	}
	read := func(key string) (d time.Duration, found bool) {
		value, found := pod.Annotations[key]
		if !found {
			return 0, false
		}
		d, err := time.ParseDuration(value)
		if err != nil {
			b.unready = fmt.Sprintf("annotation %s: %v", key, err)
		}
		return d, err == nil
	}
	b.readyAfter, _ = read(ReadyAfterAnnotation)
	b.crashAfter, b.crashes = read(CrashAfterAnnotation)
	return b
}

// Back-off between restarts: as a kubelet's, but ten times shorter. The first restart is immediate.
const firstBackOff, maxBackOff = time.Second, 10 * time.Second

// backOff returns how long containers that ended for the n-th time wait for their restart.
func backOff(n int32) time.Duration {
	if n <= 1 {
		return 0
	}
	return min(firstBackOff<<min(n-2, 10), maxBackOff)
}

// due returns when a duration after a time in a status is over. Those times have whole seconds and
// may be up to a second early, so a duration is never cut short.
func due(from time.Time, after time.Duration) time.Time {
	if after == 0 {
		return from
	}
	return from.Add(after + time.Second)
}
