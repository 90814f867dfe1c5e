package webhook

import (
	"fmt"
	"net/http"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/policy"
)

// Limits of one answer: the API server cuts warnings that are longer or more than this together
// (256 and 4,096 bytes).
const (
	maxWarning  = 256
	maxWarnings = 15
	maxFindings = 20
)

// respond makes the answer. A change to an object that Aviary keeps is refused only by a rule that
// holds for such an object, too, because Aviary puts it back.
func respond(req *admissionv1.AdmissionRequest, findings []policy.Finding, m managed) admission.Response {
	var denials, warnings []policy.Finding
	for _, f := range findings {
		switch {
		case f.Mode == policy.ModeDeny && (m.app == "" || m.holds(f.Rule)):
			denials = append(denials, f)
		case f.Mode == policy.ModeDeny || f.Mode == policy.ModeWarn:
			warnings = append(warnings, f)
		}
	}
	resp := admission.Allowed("")
	if len(denials) > 0 {
		resp = deny(req, denials)
	}
	if m.putsBack {
		resp.Warnings = append(resp.Warnings, cut(managedWarning(req, m.app, resp.Allowed)))
	}
	for i, f := range warnings {
		if len(resp.Warnings) == maxWarnings-1 && i < len(warnings)-1 {
			resp.Warnings = append(resp.Warnings, fmt.Sprintf("and %d more warnings", len(warnings)-i))
			break
		}
		resp.Warnings = append(resp.Warnings, cut(f.String()))
	}
	return resp
}

// managedWarning says who writes the object. What is refused needs not be put back.
func managedWarning(req *admissionv1.AdmissionRequest, app string, allowed bool) string {
	does := ""
	if allowed {
		does = " and puts it back"
	}
	return fmt.Sprintf("Aviary keeps %s %s for app %s%s; change the aviary.dev/ annotations of the app's Deployments "+
		"instead (paths, weight, headers, port, api-group)", req.Kind.Kind, req.Name, app, does)
}

// deny makes a Status that each client shows whole: kubectl prints the causes, Argo, Helm and
// client-go the message.
func deny(req *admissionv1.AdmissionRequest, findings []policy.Finding) admission.Response {
	var lines []string
	details := &metav1.StatusDetails{Name: req.Name, Group: req.Kind.Group, Kind: req.Kind.Kind}
	for i, f := range findings {
		if i == maxFindings {
			more := fmt.Sprintf("and %d more findings", len(findings)-i)
			lines = append(lines, more)
			details.Causes = append(details.Causes, metav1.StatusCause{Message: more})
			break
		}
		lines = append(lines, f.String())
		details.Causes = append(details.Causes,
			metav1.StatusCause{Type: metav1.CauseType(f.Rule), Field: f.Field, Message: f.Cause()})
	}
	return admission.Response{AdmissionResponse: admissionv1.AdmissionResponse{
		Result: &metav1.Status{
			Status: metav1.StatusFailure, Code: http.StatusUnprocessableEntity, Reason: metav1.StatusReasonInvalid,
			Message: strings.Join(lines, "\n"), Details: details,
		},
	}}
}

// cut shortens a text to what a warning may have.
func cut(text string) string {
	if len(text) <= maxWarning {
		return text
	}
	return strings.ToValidUTF8(text[:maxWarning-len("…")], "") + "…"
}
