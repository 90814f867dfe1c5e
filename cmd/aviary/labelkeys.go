package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/wait"
	admission "k8s.io/client-go/kubernetes/typed/admissionregistration/v1"
	ctrl "sigs.k8s.io/controller-runtime"

	"aviary.dev/convention"
)

// configurations is the name of both webhook configurations.
const configurations = "aviary"

// labelKeyCheck compares the flag --label-keys with what the manifests wrote into the annotation aviary.dev/label-keys of
// the webhook configurations: with other keys in the match conditions than in the process, objects would pass unjudged.
type labelKeyCheck struct {
	client admission.AdmissionregistrationV1Interface
	keys   convention.LabelKeys
	last   atomic.Pointer[error]
}

// Start checks until ctx ends.
func (c *labelKeyCheck) Start(ctx context.Context) error {
	warned := false
	wait.UntilWithContext(ctx, func(ctx context.Context) {
		missing, err := c.check(ctx)
		if missing && !warned {
			ctrl.LoggerFrom(ctx).Info("there is no webhook configuration "+configurations+" yet, so nothing is judged", "level", "warning")
		}
		warned = missing
		c.last.Store(&err)
	}, 5*time.Second)
	return nil
}

// NeedLeaderElection makes every replica check.
func (c *labelKeyCheck) NeedLeaderElection() bool { return false }

func (c *labelKeyCheck) check(ctx context.Context) (missing bool, err error) {
	mutating, errMutating := c.client.MutatingWebhookConfigurations().Get(ctx, configurations, metav1.GetOptions{})
	validating, errValidating := c.client.ValidatingWebhookConfigurations().Get(ctx, configurations, metav1.GetOptions{})
	for kind, got := range map[string]struct {
		err         error
		annotations map[string]string
	}{
		"MutatingWebhookConfiguration":   {errMutating, mutating.GetAnnotations()},
		"ValidatingWebhookConfiguration": {errValidating, validating.GetAnnotations()},
	} {
		said := got.annotations[convention.KeyLabelKeys]
		switch {
		case apierrors.IsNotFound(got.err):
			missing = true
		case got.err != nil:
			err = errors.Join(err, fmt.Errorf("read %s %s: %w", kind, configurations, got.err))
		case said != c.keys.String():
			err = errors.Join(err, fmt.Errorf("%s %s is rendered for label keys %q, --label-keys says %q; make them the same (manifests/README.md)",
				kind, configurations, said, c.keys))
		}
	}
	return missing, err
}

// ready is a readiness check.
func (c *labelKeyCheck) ready(*http.Request) error {
	if last := c.last.Load(); last != nil {
		return *last
	}
	return errors.New("the webhook configurations have not been read yet")
}
