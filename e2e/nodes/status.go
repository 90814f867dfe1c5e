package nodes

import (
	"fmt"
	"hash/fnv"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// hostIP is the address of the node. Nothing listens there.
const hostIP = "10.0.0.1"

// run returns the Pod with the status of a running one, and whether that is a change.
func run(pod *corev1.Pod, now metav1.Time) (running *corev1.Pod, changed bool) {
	status := pod.Status.DeepCopy()
	if status.Phase == corev1.PodSucceeded || status.Phase == corev1.PodFailed {
		return pod, false
	}
	ready := pod.Annotations[ReadyAnnotation] != "false"
	if status.Phase == corev1.PodRunning && status.PodIP != "" && hasCondition(status, corev1.PodReady, ready) {
		return pod, false
	}
	status.Phase = corev1.PodRunning
	status.HostIP, status.HostIPs = hostIP, []corev1.HostIP{{IP: hostIP}}
	status.PodIP = podIP(pod)
	status.PodIPs = []corev1.PodIP{{IP: status.PodIP}}
	if status.StartTime == nil {
		status.StartTime = &now
	}
	setCondition(status, corev1.PodInitialized, true, now)
	setCondition(status, corev1.ContainersReady, ready, now)
	setCondition(status, corev1.PodReady, ready, now)
	status.InitContainerStatuses = initStatuses(pod, now)
	status.ContainerStatuses = nil
	for _, c := range pod.Spec.Containers {
		status.ContainerStatuses = append(status.ContainerStatuses, runningStatus(c, ready, *status.StartTime))
	}
	running = pod.DeepCopy()
	running.Status = *status
	return running, true
}

// initStatuses returns statuses with init containers completed and sidecars running.
func initStatuses(pod *corev1.Pod, now metav1.Time) (statuses []corev1.ContainerStatus) {
	for _, c := range pod.Spec.InitContainers {
		status := runningStatus(c, true, now)
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

// runningStatus returns the status of a running container.
func runningStatus(c corev1.Container, ready bool, started metav1.Time) corev1.ContainerStatus {
	yes := true
	return corev1.ContainerStatus{
		Name: c.Name, Image: c.Image, ImageID: c.Image, ContainerID: "simulated://" + c.Name,
		Ready: ready, Started: &yes,
		State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: started}},
	}
}

// podIP derives an address from the Pod's UID, so that it is the same after a restart.
func podIP(pod *corev1.Pod) string {
	if pod.Spec.HostNetwork {
		return hostIP
	}
	hash := fnv.New32a()
	_, _ = hash.Write([]byte(pod.UID))
	sum := hash.Sum32()
	return fmt.Sprintf("10.%d.%d.%d", 1+sum>>24%254, byte(sum>>12), 1+sum%254)
}

func conditionStatus(is bool) corev1.ConditionStatus {
	if is {
		return corev1.ConditionTrue
	}
	return corev1.ConditionFalse
}

// hasCondition reports whether a condition has the given status.
func hasCondition(status *corev1.PodStatus, kind corev1.PodConditionType, is bool) bool {
	for _, c := range status.Conditions {
		if c.Type == kind {
			return c.Status == conditionStatus(is)
		}
	}
	return false
}

// setCondition sets a condition. Its transition time changes only with its status.
func setCondition(status *corev1.PodStatus, kind corev1.PodConditionType, is bool, now metav1.Time) {
	wanted := corev1.PodCondition{Type: kind, Status: conditionStatus(is), LastTransitionTime: now}
	if !is {
		wanted.Reason, wanted.Message = "ContainersNotReady", "annotation "+ReadyAnnotation+" is false"
	}
	for i, c := range status.Conditions {
		if c.Type == kind {
			if c.Status != wanted.Status {
				status.Conditions[i] = wanted
			}
			return
		}
	}
	status.Conditions = append(status.Conditions, wanted)
}
