package stories

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"
)

// endpoints are where input can be sent: the API server, and the webhook itself.
type endpoints struct {
	apiServer, webhook *http.Client
	host               string
}

// endpoints returns clients of both endpoints.
func (s *story) endpoints() endpoints {
	s.Helper()
	api, err := rest.HTTPClientFor(s.Config())
	s.must(err)
	return endpoints{api, s.webhookClient(), s.Config().Host}
}

// testHostileInput sends malformed and malicious input to both endpoints.
func testHostileInput(t *testing.T, p *plane) {
	s := beginOn(t, p, "hostile")
	d := s.endpoints()
	inputs := s.inputs()
	send := func() (rows string) {
		for _, in := range inputs {
			byAPI := retryNoVerdict(func() string { return s.createDryRun(d, in) })
			direct := retryNoVerdict(func() string { return s.postToWebhook(d, "/validate", review(in)) })
			s.postToWebhook(d, "/mutate", review(in))
			rows += fmt.Sprintf("| %s | %s | %s |\n", in.what, byAPI, direct)
		}
		return rows
	}
	page := readTestdata(t, "docs", "hostile-input.md") + send()
	page += s.hostileReviews(d)
	s.mustNotInject()

	before := s.footprint()
	for range 3 {
		send()
	}
	s.slowBodies(d)
	s.eventually("memory and goroutines to be as before", func() error {
		if now := s.footprint(); now.memory > before.memory*1.3+32<<20 || now.goroutines > before.goroutines+20 {
			return fmt.Errorf("%v before, %v now", before, now)
		}
		return nil
	})
	t.Logf("before %v, after %v", before, s.footprint())
	if _, trace, panicked := strings.Cut(p.aviary.Logs(), "panic"); panicked {
		t.Errorf("Aviary's log has a panic%.2000s", trace)
	}
	compareDocs(t, "hostile-input.md", page)
}

// footprint is how much memory and how many goroutines Aviary uses.
type footprint struct{ memory, goroutines float64 }

func (s footprint) String() string {
	return fmt.Sprintf("%.0f MiB and %.0f goroutines", s.memory/(1<<20), s.goroutines)
}

// footprint reads it from the metrics.
func (s *story) footprint() footprint {
	s.Helper()
	m, err := s.aviary.Metrics(s.Context())
	s.must(err)
	return footprint{m.Sum("process_resident_memory_bytes"), m.Sum("go_goroutines")}
}

// review returns an AdmissionReview with the object's text in it, even if that is invalid JSON.
func review(in input) string {
	kind := kinds[in.kind]
	return fmt.Sprintf(`{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"1",`+
		`"kind":{"group":%q,"version":"v1","kind":%q},"resource":{"group":%q,"version":"v1","resource":%q},`+
		`"name":"hostile","namespace":"hostile","operation":"CREATE",`+
		`"userInfo":{"username":"admin","groups":["system:masters"]},"object":%s}}`,
		kind.Group, in.kind, kind.Group, kind.Resource, in.json)
}

// postToWebhook sends a body directly to Aviary and returns a short form of the answer.
func (s *story) postToWebhook(d endpoints, path, body string) string {
	s.Helper()
	return s.post(d.webhook, "https://"+s.aviary.Address+path, body)
}

// post sends a body and returns a short form of the answer.
func (s *story) post(c *http.Client, url, body string) string {
	s.Helper()
	ctx, cancel := context.WithTimeout(s.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(body))
	s.must(err)
	request.Header.Set("Content-Type", "application/json")
	return s.answer(c, request)
}

// createDryRun creates the object with a dry run and returns who refused it.
func (s *story) createDryRun(d endpoints, in input) string {
	s.Helper()
	kind := kinds[in.kind]
	url := fmt.Sprintf("%s/apis/%s/v1/namespaces/%s/%s?dryRun=All", d.host, kind.Group, s.namespace, kind.Resource)
	ctx, cancel := context.WithTimeout(s.Context(), 30*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(in.json))
	s.must(err)
	request.Header.Set("Content-Type", "application/json")
	response, err := d.apiServer.Do(request)
	if err != nil {
		s.Errorf("%s: %v", in.what, err)
		return "no answer"
	}
	defer response.Body.Close() //nolint:errcheck // because all was read.
	text, err := io.ReadAll(response.Body)
	s.must(err)
	if response.StatusCode < 300 {
		return "admitted"
	}
	var status metav1.Status
	s.must(json.Unmarshal(text, &status))
	if noVerdict(errors.New(status.Message)) {
		return status.Message
	}
	if strings.HasPrefix(status.Message, "admission webhook ") {
		return "Aviary refuses: " + verdict(&status)
	}
	return fmt.Sprintf("the API server refuses: %d %s", status.Code, status.Reason)
}
