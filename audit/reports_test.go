package audit

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	openreports "github.com/openreports/reports-api/apis/openreports.io/v1alpha1"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

func TestReportOf(t *testing.T) {
	t.Parallel()
	at := time.Unix(1767225600, 0)
	records := map[inventory.ID]record{}
	for i := range maxResults + 20 {
		id := inventory.ID{Kind: "RouteTable", Ref: route.Ref{Namespace: "echo", Name: fmt.Sprintf("t-%03d", i)}}
		records[id] = record{at, []policy.Finding{{Rule: "upstream-known", Mode: policy.ModeWarn, Field: "spec", Message: "m", Fix: "f"}}}
	}
	worst := inventory.ID{Kind: "Deployment", Ref: route.Ref{Namespace: "echo", Name: "v1"}}
	records[worst] = record{at, []policy.Finding{
		{Rule: "ports-agree", Mode: policy.ModeDeny, Field: "spec", Message: "m", Fix: "f"},
		{Rule: "labels-agree", Mode: policy.ModeAudit, Exception: "TICKET-1", Field: "spec", Message: "m", Fix: "f"},
	}}
	got := reportOf("echo", records)
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
	clear(records)
	records[worst] = record{at, []policy.Finding{
		{Rule: "labels-agree", Mode: policy.ModeDeny, Exception: "TICKET-1", Field: "spec", Message: "m", Fix: "f"},
		{Rule: "version-unique", Mode: policy.ModeWarn, Field: "spec", Message: "m", Fix: "f"},
	}}
	if last := reportOf("echo", records).Results[1]; last.Result != "skip" || last.Properties["exception"] != "TICKET-1" {
		t.Errorf("an exception must be told last, with its reason, got %+v", last)
	}
}
