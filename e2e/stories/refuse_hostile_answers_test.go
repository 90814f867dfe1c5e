package stories

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// answer sends a request and returns a short form of the answer.
func (s *story) answer(c *http.Client, request *http.Request) string {
	s.Helper()
	began := time.Now()
	response, err := c.Do(request)
	if err != nil {
		s.Errorf("no answer: %v", err)
		return "no answer"
	}
	defer response.Body.Close() //nolint:errcheck // because all was read.
	text, err := io.ReadAll(response.Body)
	if took := time.Since(began); err != nil || took > tolerance {
		s.Errorf("the answer took %s: %v", took, err)
	}
	var answer admissionv1.AdmissionReview
	if json.Unmarshal(text, &answer) != nil || answer.Response == nil {
		return fmt.Sprintf("%d: %s", response.StatusCode, bytes.TrimSpace(text))
	}
	if answer.Response.Allowed {
		return "admitted"
	}
	return "refused: " + verdict(answer.Response.Result)
}

// decoderDetails are the parts of a message that differ between versions of a JSON decoder.
var decoderDetails = regexp.MustCompile(`: (object: decode: )?(json|jsontext|invalid|unexpected)\b.*`)

// ruleTag is the tag of a rule in a message.
var ruleTag = regexp.MustCompile(`\[([a-z-]+)\] `)

// verdict returns what the page says about a refusal: its rules, or its text without details.
func verdict(status *metav1.Status) string {
	var rules []string
	for _, m := range ruleTag.FindAllStringSubmatch(status.Message, -1) {
		rules = append(rules, m[1])
	}
	if len(rules) > 0 && status.Code == http.StatusUnprocessableEntity {
		slices.Sort(rules)
		return strings.Join(slices.Compact(rules), ", ")
	}
	text, _, _ := strings.Cut(status.Message, "\n")
	if _, message, ok := strings.Cut(text, "denied the request: "); ok {
		text = message
	}
	text = decoderDetails.ReplaceAllString(text, "")
	return fmt.Sprintf("%d %s", status.Code, text)
}
