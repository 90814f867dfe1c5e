package audit

import (
	"cmp"
	"context"
	"reflect"
	"slices"
	"time"

	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/wait"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"aviary.dev/convention"
	"aviary.dev/inventory"
	"aviary.dev/policy"
)

const (
	// reportName is the name of the report of each namespace.
	reportName = "aviary"
	// maxResults bounds one report; its summary tells the true counts.
	maxResults = 500
	// publishing is how often reports are brought up to date.
	publishing = 10 * time.Second
	// refusals are as many namespaces as are tried before all are taken to refuse.
	refusals = 3
)

// Reports publishes what Standing found as OpenReports (openreports.io), one report a namespace, where the cluster serves
// that kind. A namespace without findings has none. Only reports with Aviary's mark are written or removed.
type Reports struct {
	Client   client.Client
	Standing *Standing

	adopted bool
	// hindered is what the log has told last of why there are no reports.
	hindered string
}

// Start publishes until ctx ends.
func (r *Reports) Start(ctx context.Context) error {
	wait.UntilWithContext(ctx, r.tick, publishing)
	return nil
}

// tick brings the reports up to date. What is in the way of all of them is asked for and told of once, not once for each.
func (r *Reports) tick(ctx context.Context) {
	if !r.Standing.idle() {
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
	for namespace, records := range r.Standing.take() {
		if stop != nil {
			r.Standing.giveBack(namespace)
			continue
		}
		err := r.publish(ctx, namespace, records)
		if err == nil {
			done++
			continue
		}
		r.Standing.giveBack(namespace)
		switch {
		case notServed(err):
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
	case notServed(err):
		text = "the cluster does not serve OpenReports' kind Report"
	case apierrors.IsForbidden(err):
		text = "Aviary may not write reports.openreports.io"
	default:
		text = err.Error()
	}
	if text == r.hindered {
		return
	}
	if r.hindered = text; text == "" {
		ctrl.LoggerFrom(ctx).Info("reports are published again")
		return
	}
	ctrl.LoggerFrom(ctx).Info("no reports", "why", text, "error", err.Error())
}

// notServed tells a kind that is not installed, or was removed since: the API server then answers as for any path that it
// does not know, and not about an object.
func notServed(err error) bool {
	return meta.IsNoMatchError(err) || apierrors.IsNotFound(err) && apierrors.HasStatusCause(err, metav1.CauseTypeUnexpectedServerResponse)
}

// adopt has the namespaces looked at that have a report from before, which may have nothing to report any more, and those
// that have something to report, whose reports may have gone with the kind.
func (r *Reports) adopt(ctx context.Context) error {
	list := &unstructured.UnstructuredList{}
	list.SetGroupVersionKind(openreports.SchemeGroupVersion.WithKind("ReportList"))
	if err := r.Client.List(ctx, list, client.MatchingLabels{convention.KeyManagedBy: convention.ManagedBy}); err != nil {
		return err
	}
	for _, o := range list.Items {
		r.Standing.giveBack(o.GetNamespace())
	}
	r.Standing.mu.Lock()
	defer r.Standing.mu.Unlock()
	for id := range r.Standing.found {
		r.Standing.dirty[id.Namespace] = struct{}{}
	}
	return nil
}

// take gives, for each namespace whose findings changed since the last time, all that is found there now.
func (s *Standing) take() map[string]map[inventory.ID]record {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make(map[string]map[inventory.ID]record, len(s.dirty))
	for namespace := range s.dirty {
		out[namespace] = map[inventory.ID]record{}
	}
	clear(s.dirty)
	for id, r := range s.found {
		if in, ok := out[id.Namespace]; ok {
			in[id] = r
		}
	}
	return out
}

// idle reports whether all has been judged that was to be.
func (s *Standing) idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue != nil && s.queue.Len() == 0
}

func (s *Standing) giveBack(namespace string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.dirty[namespace] = struct{}{}
}

// publish makes the namespace's report be what was found.
func (r *Reports) publish(ctx context.Context, namespace string, records map[inventory.ID]record) error {
	live := &unstructured.Unstructured{}
	live.SetGroupVersionKind(openreports.SchemeGroupVersion.WithKind("Report"))
	err := r.Client.Get(ctx, client.ObjectKey{Namespace: namespace, Name: reportName}, live)
	if err != nil && !apierrors.IsNotFound(err) {
		return err
	}
	exists := err == nil
	if exists && live.GetLabels()[convention.KeyManagedBy] != convention.ManagedBy {
		return nil // somebody else's
	}
	if len(records) == 0 {
		if !exists {
			return nil
		}
		return client.IgnoreNotFound(r.Client.Delete(ctx, live))
	}
	content, err := runtime.DefaultUnstructuredConverter.ToUnstructured(reportOf(namespace, records))
	if err != nil {
		return err
	}
	wish := &unstructured.Unstructured{Object: content}
	wish.SetGroupVersionKind(live.GroupVersionKind())
	if !exists {
		err := r.Client.Create(ctx, wish)
		if apierrors.HasStatusCause(err, corev1.NamespaceTerminatingCause) {
			return nil
		}
		return err
	}
	if reflect.DeepEqual(live.Object["results"], wish.Object["results"]) && reflect.DeepEqual(live.Object["summary"], wish.Object["summary"]) {
		return nil
	}
	wish.SetResourceVersion(live.GetResourceVersion())
	return r.Client.Update(ctx, wish)
}

// ranks are the results, the worst first.
var ranks = []openreports.Result{"fail", "warn", "skip"}

// reportOf makes the report, sorted, with the worst findings first where there are too many.
func reportOf(namespace string, records map[inventory.ID]record) *openreports.Report {
	report := &openreports.Report{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: reportName, Labels: map[string]string{convention.KeyManagedBy: convention.ManagedBy},
		},
		Source:        "aviary",
		Configuration: &openreports.ReportConfiguration{Limits: openreports.Limits{MaxResults: maxResults}},
	}
	for id, r := range records {
		for _, f := range r.findings {
			switch {
			case f.Exception != "":
				report.Summary.Skip++
			case f.Mode == policy.ModeDeny:
				report.Summary.Fail++
			default:
				report.Summary.Warn++
			}
			report.Results = append(report.Results, result(id, r.at, f))
		}
	}
	slices.SortFunc(report.Results, func(a, b openreports.ReportResult) int {
		return cmp.Or(cmp.Compare(slices.Index(ranks, a.Result), slices.Index(ranks, b.Result)), cmp.Compare(a.Subjects[0].Kind, b.Subjects[0].Kind),
			cmp.Compare(a.Subjects[0].Name, b.Subjects[0].Name), cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Description, b.Description))
	})
	report.Results = report.Results[:min(len(report.Results), maxResults)]
	return report
}

func result(id inventory.ID, at time.Time, f policy.Finding) openreports.ReportResult {
	out := openreports.ReportResult{
		Source: "aviary", Policy: f.Rule, Description: f.String(), Scored: true,
		Timestamp:  metav1.Timestamp{Seconds: at.Unix()},
		Subjects:   []corev1.ObjectReference{{APIVersion: versions[id.Kind], Kind: id.Kind, Namespace: id.Namespace, Name: id.Name}},
		Properties: map[string]string{"mode": f.Mode.String(), "field": f.Field},
		Result:     "warn", Severity: "medium",
	}
	switch {
	case f.Exception != "":
		out.Result, out.Severity, out.Properties["exception"] = "skip", "info", f.Exception
	case f.Mode == policy.ModeDeny:
		out.Result, out.Severity = "fail", "high"
	case f.Mode == policy.ModeAudit:
		out.Severity = "low"
	}
	return out
}
