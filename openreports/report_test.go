package openreports

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/rejudge"
	"aviary.dev/route"
)

func TestReportOf(t *testing.T) {
	t.Parallel()
	at := time.Unix(1767225600, 0)
	records := []rejudge.Record{}
	for i := range maxResults + 20 {
		records = append(records, rejudge.Record{
			ID: tableIn("echo", fmt.Sprintf("t-%03d", i)), At: at,
			Findings: []policy.Finding{{Rule: "upstream-known", Mode: policy.ModeWarn, Field: "spec", Message: "m", Fix: "f"}},
		})
	}
	worst := route.ID{GroupKind: fact.DeploymentKind, Ref: route.Ref{Namespace: "echo", Name: "v1"}}
	records = append(records, rejudge.Record{ID: worst, At: at, Findings: []policy.Finding{
		{Rule: "ports-agree", Mode: policy.ModeDeny, Field: "spec", Message: "m", Fix: "f"},
		{Rule: "labels-agree", Mode: policy.ModeAudit, Exception: "TICKET-1", Field: "spec", Message: "m", Fix: "f"},
	}})
	got := reportOf(glootest.Kinds(), "echo", records)
	want := openreports.ReportSummary{Fail: 1, Warn: maxResults + 20, Skip: 1}
	if diff := cmp.Diff(want, got.Summary); diff != "" {
		t.Errorf("the summary must tell the true counts (-want +got):\n%s", diff)
	}
	if len(got.Results) != maxResults {
		t.Errorf("%d results, want at most %d", len(got.Results), maxResults)
	}
	first := got.Results[0]
	if first.Policy != "ports-agree" || first.Result != "fail" || first.Subjects[0].Kind != "Deployment" {
		t.Errorf("the worst finding must come first, got %+v", first)
	}
	if second := got.Results[1]; second.Result != "warn" {
		t.Errorf("where there are too many, what an exception silenced must be left out before a warning is, got %+v", second)
	}
	if first.Subjects[0].APIVersion != "apps/v1" || got.Results[2].Subjects[0].APIVersion != "gateway.solo.io/v1" {
		t.Errorf("subjects must be of the versions that are read, got %+v", got.Results[:3])
	}
	records = []rejudge.Record{{ID: worst, At: at, Findings: []policy.Finding{
		{Rule: "labels-agree", Mode: policy.ModeDeny, Exception: "TICKET-1", Field: "spec", Message: "m", Fix: "f"},
		{Rule: "version-unique", Mode: policy.ModeWarn, Field: "spec", Message: "m", Fix: "f"},
	}}}
	last := reportOf(glootest.Kinds(), "echo", records).Results[1]
	if last.Result != "skip" || last.Properties["exception"] != "TICKET-1" {
		t.Errorf("an exception must be told last, with its reason, got %+v", last)
	}
}

func tableIn(namespace, name string) route.ID {
	return route.ID{GroupKind: gloo.RouteTableKind.GroupKind(), Ref: route.Ref{Namespace: namespace, Name: name}}
}
