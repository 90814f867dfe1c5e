package openreports

import (
	"context"
	"time"

	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/wait"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/inventory"
	"aviary.dev/rejudge"
)

const (
	// reportName is the name of the report of each namespace.
	reportName = "aviary"
	// publishing is how often reports are brought up to date.
	publishing = 10 * time.Second
	// refusals are as many namespaces as are tried before all are taken to refuse.
	refusals = 3
)

// Findings is what re-judgement found; see [rejudge.Rejudger].
type Findings interface {
	// Idle reports whether all has been judged that was to be.
	Idle() bool
	// Take returns, for each namespace whose findings changed since the last time, all that is
	// found there now.
	Take() map[string][]rejudge.Record
	// GiveBack has the next Take return the namespace again, GiveBackAll all that have findings.
	GiveBack(namespace string)
	GiveBackAll()
}

// Reports publishes findings. A namespace without findings has no report. Only reports that Aviary
// manages are written or removed.
type Reports struct {
	Client   client.Client
	Kinds    *dialect.Kinds
	Findings Findings

	adopted bool
	// blocked is what the log has told last of why there are no reports.
	blocked string
}

// Start publishes until ctx ends.
func (r *Reports) Start(ctx context.Context) error {
	wait.UntilWithContext(ctx, r.tick, publishing)
	return nil
}

// tick brings the reports up to date. What is in the way of all of them is asked for and told of
// once, not once for each.
func (r *Reports) tick(ctx context.Context) {
	if !r.Findings.Idle() {
		return // what is half known would be reported and taken back
	}
	if !r.adopted {
		if err := r.adopt(ctx); err != nil {
			r.tell(ctx, err)
			return
		}
		r.adopted = true
	}
	var stop error
	done, refused := 0, map[string]error{}
	for namespace, records := range r.Findings.Take() {
		if stop != nil {
			r.Findings.GiveBack(namespace)
			continue
		}
		err := r.publish(ctx, namespace, records)
		if err == nil {
			done++
			continue
		}
		r.Findings.GiveBack(namespace)
		switch {
		case inventory.NotServed(err):
			stop, r.adopted = err, false
		case apierrors.IsForbidden(err):
			if refused[namespace] = err; done == 0 && len(refused) == refusals {
				stop = err // it is the right that is missing, and not a quota or a policy of one namespace
			}
		default:
			ctrl.LoggerFrom(ctx).Error(err, "no report", "namespace", namespace)
		}
	}
	for namespace, err := range refused {
		if done == 0 {
			stop = err
			continue
		}
		ctrl.LoggerFrom(ctx).Error(err, "no report", "namespace", namespace)
	}
	if done > 0 || stop != nil {
		r.tell(ctx, stop)
	}
}

// tell logs what is in the way of all reports, or nil, when it changes.
func (r *Reports) tell(ctx context.Context, err error) {
	var text string
	switch {
	case err == nil:
	case inventory.NotServed(err):
		text = "the cluster does not serve OpenReports' kind Report"
	case apierrors.IsForbidden(err):
		text = "Aviary may not write reports.openreports.io"
	default:
		text = err.Error()
	}
	if text == r.blocked {
		return
	}
	if r.blocked = text; text == "" {
		ctrl.LoggerFrom(ctx).Info("reports are published again")
		return
	}
	ctrl.LoggerFrom(ctx).Info("no reports", "why", text, "error", err.Error())
}

// adopt has the namespaces looked at that have a report from before, which may have nothing to
// report any more, and those that have something to report, whose reports may have gone with the
// kind.
func (r *Reports) adopt(ctx context.Context) error {
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(openreports.SchemeGroupVersion.WithKind("ReportList"))
	if err := r.Client.List(ctx, list, client.MatchingLabels{convention.KeyManagedBy: convention.ManagedBy}); err != nil {
		return err
	}
	for _, o := range list.Items {
		r.Findings.GiveBack(o.GetNamespace())
	}
	r.Findings.GiveBackAll()
	return nil
}
