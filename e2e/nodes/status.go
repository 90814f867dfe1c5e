package nodes

import (
	"fmt"
	"hash/fnv"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiequality "k8s.io/apimachinery/pkg/api/equality"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// hostIP is the address of the node. Nothing listens there.
const hostIP = "10.0.0.1"

// run returns the Pod with the status that it has at a time, whether that is a change, and when its
// status changes next by itself; the zero time is never.
func run(pod *corev1.Pod, now time.Time) (running *corev1.Pod, changed bool, next time.Time) {
	if pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed {
		return pod, false, next
	}
	running = pod.DeepCopy()
	status, stamp := &running.Status, metav1.NewTime(now)
	status.Phase = corev1.PodRunning
	status.HostIP, status.HostIPs = hostIP, []corev1.HostIP{{IP: hostIP}}
	status.PodIP = podIP(pod)
	status.PodIPs = []corev1.PodIP{{IP: status.PodIP}}
	if status.StartTime == nil {
		status.StartTime = &stamp
		status.InitContainerStatuses = initStatuses(pod, stamp)
	}
	unready, next := runContainers(running, behaviourOf(pod), now)
	setCondition(status, corev1.PodInitialized, "", stamp)
	setCondition(status, corev1.ContainersReady, unready, stamp)
	setCondition(status, corev1.PodReady, unready, stamp)
	return running, !apiequality.Semantic.DeepEqual(pod.Status, *status), next
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

// setCondition makes a condition true, or false for a reason. Its transition time changes only with
// its status.
func setCondition(status *corev1.PodStatus, kind corev1.PodConditionType, not string, now metav1.Time) {
	wanted := corev1.PodCondition{Type: kind, Status: corev1.ConditionTrue, LastTransitionTime: now}
	if not != "" {
		wanted.Status, wanted.Reason, wanted.Message = corev1.ConditionFalse, "ContainersNotReady", not
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
