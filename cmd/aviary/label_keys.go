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

// labelKeyCheck compares the flag --label-keys with what the manifests wrote into the annotation
// aviary.dev/label-keys of the webhook configurations: with other keys in the match conditions than
// in the process, objects would pass unjudged.
type labelKeyCheck struct {
	client admission.AdmissionregistrationV1Interface
	keys   convention.LabelKeys
	// last is the last verdict; what could not be read has none.
	last atomic.Pointer[error]
	// warned and unread are what the log has told last.
	warned bool
	unread string
}

// Start checks until ctx ends.
func (c *labelKeyCheck) Start(ctx context.Context) error {
	wait.UntilWithContext(ctx, c.look, 5*time.Second)
	return nil
}

// look keeps the verdict there was when it can't come to one, or an API server that is away for a
// moment would make every replica unready.
func (c *labelKeyCheck) look(ctx context.Context) {
	missing, differs, err := c.check(ctx)
	unread := ""
	if err != nil {
		unread = err.Error()
	}
	if unread != c.unread && err != nil {
		ctrl.LoggerFrom(ctx).Error(err, "the label keys of the webhook configurations can't be compared now")
	}
	c.unread = unread
	if err != nil && differs == nil {
		return
	}
	if missing && !c.warned {
		ctrl.LoggerFrom(ctx).Info("there is no webhook configuration "+configurations+" yet, so nothing is judged",
			"level", "warning")
	}
	c.warned = missing
	c.last.Store(&differs)
}

// NeedLeaderElection makes every replica check.
func (c *labelKeyCheck) NeedLeaderElection() bool { return false }

// check reports whether a configuration is missing, how one differs, and why one could not be read.
func (c *labelKeyCheck) check(ctx context.Context) (missing bool, differs, unread error) {
	mutating, errMutating := c.client.MutatingWebhookConfigurations().Get(ctx, configurations, metav1.GetOptions{})
	validating, errValidating := c.client.ValidatingWebhookConfigurations().Get(ctx, configurations, metav1.GetOptions{})
	for _, got := range []struct {
		kind        string
		err         error
		annotations map[string]string
	}{
		{"MutatingWebhookConfiguration", errMutating, mutating.GetAnnotations()},
		{"ValidatingWebhookConfiguration", errValidating, validating.GetAnnotations()},
	} {
		said := got.annotations[convention.KeyLabelKeys]
		switch {
		case apierrors.IsNotFound(got.err):
			missing = true
		case got.err != nil:
			unread = errors.Join(unread, fmt.Errorf("read %s %s: %w", got.kind, configurations, got.err))
		case said != c.keys.String():
			differs = errors.Join(differs, fmt.Errorf("%s %s is rendered for label keys %q, --label-keys says %q; "+
				"make them the same (manifests/README.md)", got.kind, configurations, said, c.keys))
		}
	}
	return missing, differs, unread
}

// ready is a readiness check.
func (c *labelKeyCheck) ready(*http.Request) error {
	if last := c.last.Load(); last != nil {
		return *last
	}
	return errors.New("the webhook configurations have not been read yet")
}
