package webhook

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
)

// failsOpen reports whether the request is of an entry with failurePolicy Ignore in
// manifests/base/validating.yaml. To the API server an error in an answer is a refusal, so that
// what the entry promises is for Aviary to keep.
func failsOpen(kinds *dialect.Kinds, req *admissionv1.AdmissionRequest) bool {
	kind := kindOfResource(kinds, schema.GroupResource{Group: req.Resource.Group, Resource: req.Resource.Resource})
	switch {
	case kind == nil:
		return false
	case kind.Role == dialect.Namespace:
		return req.Operation == admissionv1.Update && req.SubResource == ""
	case kind.GroupKind() == fact.DeploymentKind:
		return req.SubResource == "scale" || req.SubResource == "" && unannotated(req.Object.Raw, req.OldObject.Raw)
	case kind.Role == dialect.Workload, kind.Role == dialect.Service:
		return true
	}
	return req.Operation == admissionv1.Delete
}

func kindOfResource(kinds *dialect.Kinds, resource schema.GroupResource) *dialect.Kind {
	all := kinds.All()
	for i := range all {
		if all[i].GroupResource() == resource {
			return &all[i]
		}
	}
	return nil
}

// unannotated reports whether no object says aviary.dev/…; not of one whose annotations can't be
// read.
func unannotated(objects ...[]byte) bool {
	some := false
	for _, raw := range objects {
		if len(raw) == 0 {
			continue
		}
		m, err := dialect.Metadata(raw)
		if err != nil || convention.Concerns(m.Annotations) {
			return false
		}
		some = true
	}
	return some
}

// answerUnread answers a request that is not judged at all.
func (c *call) answerUnread(ctx context.Context, err error, open bool) admission.Response {
	if !open {
		return admission.Errored(http.StatusBadRequest, fmt.Errorf("aviary can't read the request: %w", err))
	}
	return c.failOpen(ctx, err, nil)
}

// answerFailure answers a request of which something could not be looked up, or not in time.
// Nothing is known then, so the entry's failurePolicy says what becomes of it, and under
// enforcement: warn nothing is refused for it. But no mode lowers the rules about what Aviary
// itself would write: what they say of the cache's facts must be nothing.
func (v *Validate) answerFailure(ctx context.Context, c *call, err error) admission.Response {
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("it took longer than %s: %w", c.limit(), err)
	}
	if failsOpen(c.judge.Kinds(), &c.AdmissionRequest) {
		return c.failOpen(ctx, err, nil)
	}
	if c.judge.Enforcement() == policy.ModeWarn {
		findings, failed := c.evaluate(ctx, v.Facts)
		w, _ := c.request.New.(*fact.Workload)
		if expands := w != nil && w.Version != nil; !denies(findings, nil) && (failed == nil || !expands) {
			return c.failOpen(ctx, err, findings)
		}
	}
	return admission.Errored(http.StatusInternalServerError, fmt.Errorf("aviary could not decide: %w; try again", err))
}

// unjudgedKey is the audit annotation of a request that was admitted without a judgement.
const unjudgedKey = "unjudged"

// failOpen admits and says so to the user, the log and the API server's audit log.
func (c *call) failOpen(ctx context.Context, why error, findings []policy.Finding) admission.Response {
	ctrl.LoggerFrom(ctx).Error(why, "failed open", "requestID", c.UID, "operation", c.Operation, "kind", c.Kind.Kind,
		"namespace", c.Namespace, "name", c.Name, "user", c.UserInfo.Username)
	count(findings)
	resp := respond(&c.AdmissionRequest, findings, managed{})
	warning := "Aviary could not judge this and admits it: %s; see kubectl canary audit -n %s"
	resp.Warnings = append([]string{cut(fmt.Sprintf(warning, why, c.Namespace))}, resp.Warnings...)
	resp.AuditAnnotations = map[string]string{unjudgedKey: why.Error()}
	return resp
}
