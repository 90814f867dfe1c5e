package webhook

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/convention"
	"aviary.dev/inventory"
	"aviary.dev/policy"
)

// failsOpen reports whether the request is of an entry with failurePolicy Ignore in manifests/base/validating.yaml. To
// the API server an error in an answer is a refusal, so that what the entry promises is for Aviary to keep.
func failsOpen(req *admissionv1.AdmissionRequest) bool {
	switch req.Resource.Resource {
	case "services", "statefulsets":
		return true
	case "deployments":
		return req.SubResource == "scale" || req.SubResource == "" && unannotated(req.Object.Raw, req.OldObject.Raw)
	case "routetables", "virtualservices", "upstreamgroups", "upstreams":
		return req.Operation == admissionv1.Delete
	}
	return false
}

// unannotated reports whether no object says aviary.dev/…; not of one whose annotations can't be read.
func unannotated(objects ...[]byte) bool {
	some := false
	for _, raw := range objects {
		if len(raw) == 0 {
			continue
		}
		var o metav1.PartialObjectMetadata
		if err := json.Unmarshal(raw, &o); err != nil {
			return false
		}
		for key := range o.Annotations {
			if strings.HasPrefix(key, convention.Prefix) {
				return false
			}
		}
		some = true
	}
	return some
}

// unread answers a request that is not judged at all.
func (c *call) unread(ctx context.Context, err error, open bool) admission.Response {
	if !open {
		return admission.Errored(http.StatusBadRequest, fmt.Errorf("aviary can't read the request: %w", err))
	}
	return c.unjudged(ctx, err, nil)
}

// undecided answers a request of which something could not be looked up, or not in time. Nothing is known then, so the
// entry's failurePolicy says what becomes of it, and under enforcement: warn nothing is refused for it. But no mode
// lowers the rules about Aviary's own hands: what they say of the cache's facts must be nothing.
func (v *Validate) undecided(ctx context.Context, c *call, err error) admission.Response {
	if errors.Is(err, context.DeadlineExceeded) {
		err = fmt.Errorf("it took longer than %s: %w", ruleBudget, err)
	}
	if failsOpen(&c.AdmissionRequest) {
		return c.unjudged(ctx, err, nil)
	}
	if c.judge.Enforcement() == policy.ModeWarn {
		findings, failed := c.evaluate(ctx, v.Facts)
		w, _ := c.request.New.(*inventory.Workload)
		if expands := w != nil && w.Version != nil; !denies(findings, nil) && (failed == nil || !expands) {
			return c.unjudged(ctx, err, findings)
		}
	}
	return admission.Errored(http.StatusInternalServerError, fmt.Errorf("aviary could not decide: %w; try again", err))
}

// unjudgedKey is the audit annotation of what was admitted although nobody knows whether it may be.
const unjudgedKey = "unjudged"

// unjudged admits and says so to the user, the log and the API server's audit log.
func (c *call) unjudged(ctx context.Context, why error, findings []policy.Finding) admission.Response {
	ctrl.LoggerFrom(ctx).Error(why, "admitted unjudged", "requestID", c.UID, "operation", c.Operation, "kind", c.Kind.Kind,
		"namespace", c.Namespace, "name", c.Name, "user", c.UserInfo.Username)
	count(findings)
	resp := respond(&c.AdmissionRequest, findings, "")
	resp.Warnings = append([]string{cut(fmt.Sprintf("Aviary could not judge this and admits it: %s; see kubectl canary audit -n %s", why, c.Namespace))}, resp.Warnings...)
	resp.AuditAnnotations = map[string]string{unjudgedKey: why.Error()}
	return resp
}
