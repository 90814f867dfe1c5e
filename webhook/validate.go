package webhook

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// deadline ends a decision before the API server gives up on it (timeoutSeconds: 3 in the manifests).
const deadline = 2500 * time.Millisecond

// Validate admits, warns or refuses.
type Validate struct {
	// Judge gives the judge of the configuration in force.
	Judge func() *judge.Judge
	Facts inventory.Reader
	// Live reads from the API server itself.
	Live client.Reader
}

// Handle implements admission.Handler.
func (v *Validate) Handle(ctx context.Context, req admission.Request) admission.Response {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	j := v.Judge()
	r, err := decode(ctx, &req.AdmissionRequest, j.Settings().Keys, v.Facts)
	if err != nil {
		return admission.Errored(http.StatusBadRequest, fmt.Errorf("aviary can't read the request: %w", err))
	}
	if r.Old == nil && r.New == nil {
		return admission.Allowed("") // a Scale of a Deployment that is not known (yet)
	}
	findings, err := v.decide(ctx, j, r)
	if err != nil {
		return admission.Errored(http.StatusInternalServerError, fmt.Errorf("aviary could not decide: %w; try again", err))
	}
	app, err := keptFor(ctx, r, v.Facts)
	if err != nil {
		return admission.Errored(http.StatusInternalServerError, err)
	}
	resp := respond(&req.AdmissionRequest, findings, app)
	if !resp.Allowed {
		ctrl.LoggerFrom(ctx).Info("refused", "operation", req.Operation, "kind", req.Kind.Kind, "namespace", req.Namespace,
			"name", req.Name, "user", req.UserInfo.Username, "findings", resp.Result.Message)
	}
	return resp
}

// decide judges by the cache. A denial that rests on another object is judged again by what the API server holds now:
// a cache that lags behind must not refuse what is right.
func (v *Validate) decide(ctx context.Context, j *judge.Judge, r judge.Request) ([]policy.Finding, error) {
	findings, err := j.Judge(ctx, r, v.Facts)
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(findings, func(f policy.Finding) bool { return f.Mode == policy.ModeDeny && f.Evidence }) {
		return findings, nil
	}
	return j.Judge(ctx, r, inventory.NewLive(v.Live, j.Settings().Keys, v.Facts))
}
