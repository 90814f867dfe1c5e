package stories

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// entry is what the installed configuration says about one webhook.
type entry struct {
	policy  string
	timeout time.Duration
}

// entries returns the webhooks by "kind name".
func (s *story) entries() map[string]entry {
	s.Helper()
	out := map[string]entry{}
	for _, kind := range []string{"mutating", "validating"} {
		config, err := s.objects.Resource(admission(kind+"webhookconfigurations")).Get(s.Context(), "aviary",
			metav1.GetOptions{})
		s.must(err)
		for _, w := range list(config.Object, "webhooks") {
			seconds, _, _ := unstructured.NestedInt64(w, "timeoutSeconds")
			out[kind+" "+w["name"].(string)] = entry{w["failurePolicy"].(string), time.Duration(seconds) * time.Second}
		}
	}
	return out
}
