package openreports

import (
	"cmp"
	"slices"
	"time"

	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/policy"
	"aviary.dev/rejudge"
)

// maxResults bounds one report; its summary tells the true counts.
const maxResults = 500

// ranks are the results, the worst first.
var ranks = []openreports.Result{"fail", "warn", "skip"}

// reportOf makes the report, sorted, with the worst findings first where there are too many.
func reportOf(kinds *dialect.Kinds, namespace string, records []rejudge.Record) *openreports.Report {
	report := &openreports.Report{
		ObjectMeta: metav1.ObjectMeta{
			Namespace: namespace, Name: reportName, Labels: map[string]string{convention.KeyManagedBy: convention.ManagedBy},
		},
		Source:        "aviary",
		Configuration: &openreports.ReportConfiguration{Limits: openreports.Limits{MaxResults: maxResults}},
	}
	for _, r := range records {
		subject := rejudge.Reference(kinds, r.ID)
		for _, f := range r.Findings {
			switch {
			case f.Exception != "":
				report.Summary.Skip++
			case f.Mode == policy.ModeDeny:
				report.Summary.Fail++
			default:
				report.Summary.Warn++
			}
			report.Results = append(report.Results, result(subject, r.At, f))
		}
	}
	slices.SortFunc(report.Results, compare)
	report.Results = report.Results[:min(len(report.Results), maxResults)]
	return report
}

func compare(a, b openreports.ReportResult) int {
	return cmp.Or(
		cmp.Compare(slices.Index(ranks, a.Result), slices.Index(ranks, b.Result)),
		cmp.Compare(a.Subjects[0].Kind, b.Subjects[0].Kind), cmp.Compare(a.Subjects[0].Name, b.Subjects[0].Name),
		cmp.Compare(a.Policy, b.Policy), cmp.Compare(a.Description, b.Description),
	)
}

func result(subject corev1.ObjectReference, at time.Time, f policy.Finding) openreports.ReportResult {
	out := openreports.ReportResult{
		Source: "aviary", Policy: f.Rule, Description: f.String(), Scored: true,
		Timestamp:  metav1.Timestamp{Seconds: at.Unix()},
		Subjects:   []corev1.ObjectReference{subject},
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
