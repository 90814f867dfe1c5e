package stories

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// hostileReviews sends malformed and unusual AdmissionReviews. Only a client that can reach
// Aviary's port can do this.
func (s *story) hostileReviews(d endpoints) (page string) {
	s.Helper()
	good := review(input{"", "Deployment", s.deployment(nil)})
	head, _, _ := strings.Cut(good, `,"object"`)
	for _, r := range []struct{ what, body string }{
		{"no JSON", "weights sum to 90"},
		{"an empty body", ""},
		{"`[]`", "[]"},
		{"a review of version v1beta1", replace(good, "admission.k8s.io/v1", "admission.k8s.io/v1beta1")},
		{"a review of version v9", replace(good, "admission.k8s.io/v1", "admission.k8s.io/v9")},
		{"another kind than a review", replace(good, "AdmissionReview", "Conversion")},
		{"a review without UID", replace(good, `"uid":"1",`, "")},
		{"a review without request", `{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview"}`},
		{"a request without object", head + "}}"},
		{"a request about Secrets", strings.NewReplacer(`"deployments"`, `"secrets"`, `"kind":"Deployment"`, `"kind":"Secret"`).Replace(good)},
		{"an operation that is none", replace(good, "CREATE", "DESTROY")},
		{"a body of 5 MiB", good + strings.Repeat(" ", 5<<20)},
	} {
		page += fmt.Sprintf("| %s | — | %s |\n", r.what, s.postToWebhook(d, "/validate", r.body))
	}
	for _, r := range []struct{ what, method, path, content string }{
		{"a GET", http.MethodGet, "/validate", "application/json"},
		{"a PUT", http.MethodPut, "/mutate", "application/json"},
		{"another content type", http.MethodPost, "/validate", "text/plain"},
		{"another path", http.MethodPost, "/", "application/json"},
	} {
		request, err := http.NewRequestWithContext(s.Context(), r.method, "https://"+s.aviary.Address+r.path, strings.NewReader(good))
		s.must(err)
		request.Header.Set("Content-Type", r.content)
		page += fmt.Sprintf("| %s | — | %s |\n", r.what, s.answer(d.webhook, request))
	}
	old := s.tls()
	old.MinVersion, old.MaxVersion = tls.VersionTLS12, tls.VersionTLS12
	if c, err := (&tls.Dialer{Config: old}).DialContext(s.Context(), "tcp", s.aviary.Address); err == nil {
		s.Error("TLS 1.2 must be refused")
		s.must(c.Close())
	}
	page += "| TLS 1.2 | — | no connection |\n"
	page += "| 200 connections with a body that never ends | — | answered or closed within 5 s; other requests are answered meanwhile |\n"
	return page
}

// slowBodies opens 200 connections whose bodies never end. Aviary closes them, and answers other
// requests meanwhile.
func (s *story) slowBodies(d endpoints) {
	s.Helper()
	const connections = 200
	ctx, cancel := context.WithTimeout(s.Context(), waitLimit)
	defer cancel()
	var all sync.WaitGroup
	var mu sync.Mutex
	var held, longest time.Duration
	open := make(chan struct{}, connections)
	for range connections {
		all.Go(func() {
			c, err := (&tls.Dialer{Config: s.tls()}).DialContext(ctx, "tcp", s.aviary.Address)
			open <- struct{}{}
			if err != nil {
				s.Errorf("connect: %v", err)
				return
			}
			defer c.Close() //nolint:errcheck // because it is the other side that must.
			began := time.Now()
			deadline, _ := ctx.Deadline()
			_ = c.SetDeadline(deadline)
			_, err = io.WriteString(c, "POST /validate HTTP/1.1\r\nHost: aviary\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{")
			if err == nil {
				_, err = io.Copy(io.Discard, c) // until Aviary closes
			}
			if ctx.Err() != nil || err != nil && strings.Contains(err.Error(), "timeout") {
				s.Errorf("Aviary holds a connection whose body doesn't come: %v", err)
			}
			mu.Lock()
			defer mu.Unlock()
			held = max(held, time.Since(began))
		})
	}
	for range connections {
		<-open
	}
	for range 20 {
		began := time.Now()
		if got := s.postToWebhook(d, "/validate", review(input{"", "Deployment", s.deployment(nil)})); got != "admitted" {
			s.Errorf("meanwhile a right request must be admitted, but: %s", got)
		}
		longest = max(longest, time.Since(began))
	}
	all.Wait()
	s.Logf("%d slow bodies were held for at most %s; meanwhile 20 others were answered in at most %s", connections,
		held.Round(time.Millisecond), longest.Round(time.Millisecond))
}

// mustNotInject applies annotations that look like YAML. They must appear as plain values in the
// siblings, and no sibling may appear in another namespace.
func (s *story) mustNotInject() {
	s.Helper()
	const path, header = `/a:&b*c!d'e`, `{{x}}: &a *b !!c # {d: e}`
	primary := v("v1", "role=primary", "paths="+path).of("inject")
	for _, bad := range []string{"/a\n  kind: Secret", "/a: {b}", `/"a"`} {
		s.apply(v("v1", "role=primary", "paths="+bad).of("inject").String()).mustFail("[annotations-valid]")
	}
	s.apply(primary.String()).mustSucceed()
	s.apply(v("v2", "role=canary", "weight=10", "paths="+path, "headers=stage="+header).of("inject").String()).mustSucceed()
	s.eventually("the RouteTable", func() error {
		table, err := s.get("routetables", "inject-routes")
		if err != nil {
			return err
		}
		routes := list(table.Object, "spec", "routes")
		if len(routes) != 2 {
			return fmt.Errorf("it has %d routes", len(routes))
		}
		matcher := list(routes[0], "matchers")[0]
		value, _, _ := unstructured.NestedString(list(matcher, "headers")[0], "value")
		if matcher["prefix"] != path || value != header {
			return fmt.Errorf("it has the matcher %v", matcher)
		}
		return nil
	})
	for _, namespace := range []string{"kube-system", "kube-public", "default"} {
		for _, resource := range []string{"routetables", "upstreams"} {
			objects, err := s.objects.Resource(gvr(resource)).Namespace(namespace).List(s.Context(), metav1.ListOptions{})
			s.must(err)
			for _, o := range objects.Items {
				s.Errorf("%s %s was made in namespace %s", resource, o.GetName(), namespace)
			}
		}
	}
}
