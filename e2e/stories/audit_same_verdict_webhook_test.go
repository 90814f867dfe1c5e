package stories

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"testing"

	admissionv1 "k8s.io/api/admission/v1"
)

// askWebhook sends a request directly to the running webhook.
func (v *verdicts) askWebhook(r verdictRequest) (out []found) {
	v.Helper()
	o := r.object()
	gvk := o.GroupVersionKind()
	request := map[string]any{
		"uid": "1", "kind": map[string]any{"group": gvk.Group, "version": gvk.Version, "kind": gvk.Kind},
		"resource": map[string]any{"group": gvk.Group, "version": gvk.Version, "resource": kinds[o.GetKind()].Resource},
		"name":     o.GetName(), "namespace": o.GetNamespace(), "operation": "CREATE",
		"userInfo": map[string]any{"username": r.user, "groups": r.groups},
	}
	if r.new != nil {
		request["object"] = r.new.Object
	}
	if r.old != nil {
		if request["operation"] = "UPDATE"; r.new == nil {
			request["operation"] = "DELETE"
		}
		request["oldObject"] = r.old.Object
	}
	body, err := json.Marshal(map[string]any{
		"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": request,
	})
	v.must(err)
	answer := v.postReview(body)
	for try := 0; try < 2 && answer != nil && undecidedIn(answer); try++ {
		undecided.Add(1)
		answer = v.postReview(body)
	}
	if answer == nil {
		return nil
	}
	return answered(v.T, answer)
}

// undecidedIn reports whether Aviary had no time to decide.
func undecidedIn(answer *admissionv1.AdmissionResponse) bool {
	lines := slices.Clone(answer.Warnings)
	if answer.Result != nil {
		lines = append(lines, answer.Result.Message)
	}
	return strings.Contains(strings.Join(lines, "\n"), "it took longer than")
}

// postReview sends a review and returns what it is answered; nil for nothing, which fails the test.
func (v *verdicts) postReview(body []byte) *admissionv1.AdmissionResponse {
	v.Helper()
	url := "https://" + v.aviary.Address + "/validate"
	post, err := http.NewRequestWithContext(v.Context(), http.MethodPost, url, bytes.NewReader(body))
	v.must(err)
	post.Header.Set("Content-Type", "application/json")
	response, err := v.webhookClient().Do(post)
	if err != nil {
		v.Error(err)
		return nil
	}
	defer response.Body.Close() //nolint:errcheck // because all was read.
	var review admissionv1.AdmissionReview
	if err := json.NewDecoder(response.Body).Decode(&review); err != nil || review.Response == nil {
		v.Errorf("the webhook answered %s: %v", response.Status, err)
		return nil
	}
	return review.Response
}

// answered returns the findings in the webhook's answer.
func answered(t *testing.T, answer *admissionv1.AdmissionResponse) (out []found) {
	t.Helper()
	lines := slices.Clone(answer.Warnings)
	if !answer.Allowed {
		lines = append(lines, strings.Split(answer.Result.Message, "\n")...)
	}
	for _, line := range lines {
		if strings.HasPrefix(line, "Aviary keeps ") {
			continue // It is said beside the findings that the edit is put back.
		}
		field, rest, ok := strings.Cut(line, ": [")
		rule, message, ok2 := strings.Cut(rest, "] ")
		if !ok || !ok2 {
			t.Errorf("%q is no finding", line)
			continue
		}
		out = append(out, found{rule, field, message})
	}
	return out
}
