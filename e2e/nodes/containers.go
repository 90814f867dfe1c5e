package nodes

import (
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// What a container says that has ended.
const (
	crashed   = "Error"
	oomKilled = "OOMKilled"
	waits     = "CrashLoopBackOff"
)

// runContainers takes a Pod's containers, which start and end together, to a time. It returns why
// they are not ready, empty if they are, and when that changes next.
func runContainers(pod *corev1.Pod, b behaviour, now time.Time) (unready string, next time.Time) {
	statuses := &pod.Status.ContainerStatuses
	if len(*statuses) == 0 {
		for _, c := range pod.Spec.Containers {
			*statuses = append(*statuses, startedStatus(c, metav1.NewTime(now)))
		}
	}
	if len(*statuses) == 0 {
		return b.unready, next
	}
	if first := (*statuses)[0]; first.State.Running == nil {
		if again := restartAt(first); now.Before(again) {
			return waits, again
		}
		for i := range *statuses {
			restart(&(*statuses)[i], metav1.NewTime(now))
		}
	}
	started := (*statuses)[0].State.Running.StartedAt.Time
	crash, ready := due(started, b.crashAfter), due(started, b.readyAfter)
	switch {
	case b.crashes && !now.Before(crash):
		end(pod, crashed, 1, metav1.NewTime(now))
		return crashed, restartAt((*statuses)[0])
	case b.unready != "":
		unready = b.unready
	case now.Before(ready):
		unready, next = "annotation "+ReadyAfterAnnotation, ready
	}
	if b.crashes && (next.IsZero() || crash.Before(next)) {
		next = crash
	}
	for i := range *statuses {
		(*statuses)[i].Ready = unready == ""
	}
	return unready, next
}

// end ends all containers of a Pod, which then wait for their restart.
func end(pod *corev1.Pod, reason string, code int32, now metav1.Time) {
	for i := range pod.Status.ContainerStatuses {
		status := &pod.Status.ContainerStatuses[i]
		ended := &corev1.ContainerStateTerminated{Reason: reason, ExitCode: code, FinishedAt: now}
		if status.State.Running != nil {
			ended.StartedAt = status.State.Running.StartedAt
		}
		no := false
		status.Ready, status.Started = false, &no
		status.State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: waits}}
		status.LastTerminationState = corev1.ContainerState{Terminated: ended}
	}
}

// restartAt returns when a container that has ended starts again.
func restartAt(status corev1.ContainerStatus) time.Time {
	ended := status.LastTerminationState.Terminated
	if ended == nil {
		return time.Time{}
	}
	return due(ended.FinishedAt.Time, backOff(status.RestartCount+1))
}

// restart starts a container again.
func restart(status *corev1.ContainerStatus, now metav1.Time) {
	yes := true
	status.Started = &yes
	status.RestartCount++
	status.State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}}
}

// startedStatus returns the status of a container that has just started.
func startedStatus(c corev1.Container, now metav1.Time) corev1.ContainerStatus {
	yes := true
	return corev1.ContainerStatus{
		Name: c.Name, Image: c.Image, ImageID: c.Image, ContainerID: "simulated://" + c.Name, Started: &yes,
		State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}},
	}
}

// initStatuses returns statuses with init containers completed and sidecars running.
func initStatuses(pod *corev1.Pod, now metav1.Time) (statuses []corev1.ContainerStatus) {
	for _, c := range pod.Spec.InitContainers {
		status := startedStatus(c, now)
		status.Ready = true
		if c.RestartPolicy == nil || *c.RestartPolicy != corev1.ContainerRestartPolicyAlways {
			status.Started = nil
			status.State = corev1.ContainerState{Terminated: &corev1.ContainerStateTerminated{
				Reason: "Completed", StartedAt: now, FinishedAt: now,
			}}
		}
		statuses = append(statuses, status)
	}
	return statuses
}
