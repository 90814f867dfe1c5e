package webhook

import (
	"context"
	"slices"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/policy"
)

// Decisions says which decisions are logged.
type Decisions string

// The choices of --log-decisions: what was refused, overridden or excepted, or every one.
const (
	NotableDecisions Decisions = "notable"
	AllDecisions     Decisions = "all"
)

// logDecision writes one structured line, with what the decision rests on.
func (v *Validate) logDecision(
	ctx context.Context, c *call, findings []policy.Finding, resp admission.Response, took time.Duration,
) {
	excepted := func(f policy.Finding) bool { return f.Exception != "" }
	notable := !resp.Allowed || c.overridden || slices.ContainsFunc(findings, excepted)
	if !notable && v.Log != AllDecisions {
		return
	}
	verdict := "allow"
	switch {
	case !resp.Allowed:
		verdict = "deny"
	case len(resp.Warnings) > 0:
		verdict = "warn"
	}
	list := make([]map[string]any, 0, len(findings))
	for _, f := range findings {
		entry := map[string]any{"rule": f.Rule, "mode": f.Mode.String(), "field": f.Field, "message": f.Message}
		if f.Exception != "" {
			entry["exception"] = f.Exception
		}
		list = append(list, entry)
	}
	ctrl.LoggerFrom(ctx).Info("decision", "requestID", c.UID, "verdict", verdict, "operation", c.Operation,
		"kind", c.Kind.Kind, "namespace", c.Namespace, "name", c.Name, "user", c.UserInfo.Username,
		"dryRun", c.DryRun != nil && *c.DryRun, "overridden", c.overridden, "live", c.readLive,
		"milliseconds", took.Milliseconds(), "findings", list)
}
