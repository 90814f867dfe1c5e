// Package nodes simulates a node of a Kubernetes cluster: it turns Pods into Pods with the status of
// running ones, and nothing runs in them.
//
// A Pod becomes ready at once, unless one of the annotations [ReadyAnnotation],
// [ReadyAfterAnnotation] and [CrashAfterAnnotation] says otherwise. [OOMKill] ends one that runs.
package nodes

import (
	"context"
	"errors"
	"fmt"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	corelisters "k8s.io/client-go/listers/core/v1"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
)

const (
	// Name is the name of the node.
	Name = "sim-1"

	workers = 8
)

// simulator gives Pods the status that they would have on a node.
type simulator struct {
	client kubernetes.Interface
	pods   corelisters.PodLister
	queue  workqueue.TypedRateLimitingInterface[cache.ObjectName]
}

// Simulate creates the node and returns when Pods can run on it. It goes on in the background until
// ctx is done. It also binds Pods to the node, because there is no scheduler.
func Simulate(ctx context.Context, config *rest.Config) error {
	config = rest.CopyConfig(config)
	config.QPS = -1
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	if err := createNode(ctx, client); err != nil {
		return fmt.Errorf("create node %s: %w", Name, err)
	}
	factory := informers.NewSharedInformerFactory(client, 0)
	informer := factory.Core().V1().Pods()
	s := &simulator{
		client: client,
		pods:   informer.Lister(),
		queue: workqueue.NewTypedRateLimitingQueue(
			workqueue.NewTypedItemExponentialFailureRateLimiter[cache.ObjectName](5*time.Millisecond, time.Second)),
	}
	enqueue := func(object any) { s.queue.Add(cache.MetaObjectToName(object.(*corev1.Pod))) }
	handlers := cache.ResourceEventHandlerFuncs{
		AddFunc:    enqueue,
		UpdateFunc: func(_, object any) { enqueue(object) },
	}
	if _, err := informer.Informer().AddEventHandler(handlers); err != nil {
		return err
	}
	factory.Start(ctx.Done())
	if !cache.WaitForCacheSync(ctx.Done(), informer.Informer().HasSynced) {
		return errors.Join(errors.New("wait for the list of Pods"), ctx.Err())
	}
	for range workers {
		go s.work(ctx)
	}
	context.AfterFunc(ctx, s.queue.ShutDown)
	return nil
}

// work handles Pods from the queue until it is shut down.
func (s *simulator) work(ctx context.Context) {
	for {
		name, shutdown := s.queue.Get()
		if shutdown {
			return
		}
		if err := s.sync(ctx, name); err != nil && ctx.Err() == nil {
			s.queue.AddRateLimited(name)
		} else {
			s.queue.Forget(name)
		}
		s.queue.Done(name)
	}
}

// sync takes a Pod one step further. The event of that step puts it into the queue again.
func (s *simulator) sync(ctx context.Context, name cache.ObjectName) error {
	pod, err := s.pods.Pods(name.Namespace).Get(name.Name)
	if err != nil {
		return ignoreGone(err)
	}
	pods := s.client.CoreV1().Pods(pod.Namespace)
	switch {
	case pod.Spec.NodeName != "" && pod.Spec.NodeName != Name:
		return nil
	case pod.DeletionTimestamp != nil:
		if seconds := pod.DeletionGracePeriodSeconds; seconds != nil && *seconds == 0 {
			return nil // Only its finalizers keep it.
		}
		options := metav1.NewDeleteOptions(0)
		options.Preconditions = metav1.NewUIDPreconditions(string(pod.UID))
		return ignoreGone(pods.Delete(ctx, pod.Name, *options))
	case pod.Spec.NodeName == "" && len(pod.Spec.SchedulingGates) > 0:
		return nil
	case pod.Spec.NodeName == "":
		return ignoreGone(pods.Bind(ctx, &corev1.Binding{
			ObjectMeta: metav1.ObjectMeta{Name: pod.Name, UID: pod.UID},
			Target:     corev1.ObjectReference{Kind: "Node", Name: Name},
		}, metav1.CreateOptions{}))
	}
	now := time.Now()
	pod, changed, next := run(pod, now)
	if !next.IsZero() {
		s.queue.AddAfter(name, next.Sub(now))
	}
	if !changed {
		return nil
	}
	_, err = pods.UpdateStatus(ctx, pod, metav1.UpdateOptions{})
	return ignoreGone(err)
}

// ignoreGone returns nil for the error of writing a Pod that was deleted or changed meanwhile: the
// event of that change will follow.
func ignoreGone(err error) error {
	if apierrors.IsNotFound(err) || apierrors.IsConflict(err) {
		return nil
	}
	return err
}
