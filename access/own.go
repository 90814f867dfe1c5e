package access

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"time"

	authorizationv1 "k8s.io/api/authorization/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/discovery"
	authorizationclient "k8s.io/client-go/kubernetes/typed/authorization/v1"
)

// every is how often Aviary asks about its own rights: a kind that was installed, or a right that
// was granted, is noticed within that time.
const every = 15 * time.Second

// Need is a kind that Aviary writes.
type Need struct {
	Kind     schema.GroupVersionKind
	Resource string
	// Install says what to do where the cluster does not serve the kind.
	Install string
}

// Own knows what Aviary itself can't do. Answers come from memory; they are refreshed in the
// background.
type Own struct {
	Client authorizationclient.SelfSubjectAccessReviewsGetter
	// Served tells which kinds the cluster serves, now: what a RESTMapper has once seen it never
	// forgets.
	Served discovery.ServerResourcesInterface
	Needs  []Need
	// Changed is called after a refresh that found something else than before.
	Changed func(missing []string)

	missing atomic.Pointer[[]string]
}

// Missing says, a line each, what keeps Aviary from writing siblings; empty if nothing does, or
// before it is known.
func (o *Own) Missing() []string {
	if m := o.missing.Load(); m != nil {
		return *m
	}
	return nil
}

// Start refreshes until ctx ends.
func (o *Own) Start(ctx context.Context) error {
	wait.UntilWithContext(ctx, o.refresh, every)
	return nil
}

// NeedLeaderElection makes every replica know.
func (o *Own) NeedLeaderElection() bool { return false }

func (o *Own) refresh(ctx context.Context) {
	var missing []string
	for _, n := range o.Needs {
		what, err := o.lacks(ctx, n)
		if err != nil {
			return // not known: what was known holds
		}
		if what != "" {
			missing = append(missing, what)
		}
	}
	if before := o.missing.Swap(&missing); !slices.Equal(missing, orNone(before)) && o.Changed != nil {
		o.Changed(missing)
	}
}

func (o *Own) lacks(ctx context.Context, n Need) (string, error) {
	if served, err := o.serves(n); err != nil {
		return "", err
	} else if !served {
		return fmt.Sprintf("the cluster does not serve %s; %s", n.Kind.GroupKind(), n.Install), nil
	}
	for _, verb := range []string{"get", "create", "update", "delete"} {
		review, err := o.Client.SelfSubjectAccessReviews().Create(ctx, &authorizationv1.SelfSubjectAccessReview{
			Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: &authorizationv1.ResourceAttributes{
				Verb: verb, Group: n.Kind.Group, Resource: n.Resource,
			}},
		}, metav1.CreateOptions{})
		if err != nil {
			return "", err
		}
		if !review.Status.Allowed {
			resource := schema.GroupResource{Group: n.Kind.Group, Resource: n.Resource}
			return fmt.Sprintf("Aviary may not %s %s; grant it what manifests/base/rbac.yaml lists", verb, resource), nil
		}
	}
	return "", nil
}

func (o *Own) serves(n Need) (bool, error) {
	list, err := o.Served.ServerResourcesForGroupVersion(n.Kind.GroupVersion().String())
	if apierrors.IsNotFound(err) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	named := func(r metav1.APIResource) bool { return r.Name == n.Resource }
	return slices.ContainsFunc(list.APIResources, named), nil
}

func orNone(list *[]string) []string {
	if list == nil {
		return nil
	}
	return *list
}
