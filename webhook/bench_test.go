package webhook_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	admissionv1 "k8s.io/api/admission/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/webhook/admission"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/webhook"
)

const apps = 5000 // of two Deployments, one generated and one hand-made RouteTable each

// BenchmarkHandlers measures each handler from request bytes to response bytes, with 10,000
// RouteTables and 10,000 Deployments in the inventory and every rule on, beside a handler that only
// decodes the review and allows.
func BenchmarkHandlers(b *testing.B) {
	store := filled(b)
	engine, err := policy.New(b.Context(), policy.DefaultConfig())
	if err != nil {
		b.Fatal(err)
	}
	kinds := glootest.Kinds()
	j := judge.New(engine, policy.DefaultConfig().Settings(kinds.Keys()), kinds)
	validate := &webhook.Validate{Judge: func() *judge.Judge { return j }, Facts: store}
	mutate := &webhook.Mutate{Kinds: kinds, Facts: store, Now: time.Now}
	empty := admission.HandlerFunc(func(context.Context, admission.Request) admission.Response {
		return admission.Allowed("")
	})

	table := review(b, "routetables", "gateway.solo.io", "RouteTable", "UPDATE", handMade(7, 10), handMade(7, 10))
	another := bytes.Replace(handMade(7, 1), []byte(`"uid":"t"`), []byte(`"uid":"another"`), 1) // not that of the store
	small := review(b, "routetables", "gateway.solo.io", "RouteTable", "UPDATE", another, another)
	deployment := review(b, "deployments", "apps", "Deployment", "UPDATE", deployment(7, 2, 20), deployment(7, 2, 10))
	upstream := []byte(`{"metadata":{"name":"app","namespace":"ns-7"},"spec":{"kube":{"selector":{"app":"app"},
"serviceName":"app","serviceNamespace":"ns-7","servicePort":80,"subsetSpec":{"selectors":[{"keys":["version"]}]}}}}`)
	upstream = review(b, "upstreams", "gloo.solo.io", "Upstream", "UPDATE", upstream, upstream)
	unversioned := review(b, "services", "", "Service", "DELETE", nil, []byte(`{"metadata":{"name":"x",
"namespace":"ns-1"},"spec":{"selector":{"app":"x"}}}`))
	for _, c := range []struct {
		name string
		h    admission.Handler
		body []byte
	}{
		{"mutate-Deployment/empty", empty, deployment},
		{"mutate-Deployment/aviary", mutate, deployment},
		{"validate-Deployment/empty", empty, deployment},
		{"validate-Deployment/aviary", validate, deployment},
		{"validate-RouteTable-1-route/empty", empty, small},
		{"validate-RouteTable-1-route/aviary", validate, small},
		{"validate-RouteTable-10-routes/empty", empty, table},
		{"validate-RouteTable-10-routes/aviary", validate, table},
		{"validate-Upstream/empty", empty, upstream},
		{"validate-Upstream/aviary", validate, upstream},
		{"nothing-to-judge/empty", empty, unversioned},
		{"nothing-to-judge/aviary", validate, unversioned},
	} {
		b.Run(c.name, func(b *testing.B) {
			h := webhook.Reviews(c.h)
			if strings.HasSuffix(c.name, "/empty") {
				h = &admission.Webhook{Handler: empty}
			}
			b.ReportAllocs()
			b.SetBytes(int64(len(c.body)))
			for b.Loop() {
				w := httptest.NewRecorder()
				r := httptest.NewRequest(http.MethodPost, "/", bytes.NewReader(c.body))
				r.Header.Set("Content-Type", "application/json")
				h.ServeHTTP(w, r)
				if body := w.Body.Bytes(); !bytes.Contains(body, []byte(`"allowed":true`)) || warned(body) {
					b.Fatal(w.Body.String())
				}
			}
		})
	}
}

// warned reports whether an answer has warnings. What is measured here is fine, as nearly all requests are.
func warned(answer []byte) bool { return bytes.Contains(answer, []byte(`"warnings"`)) }

func filled(b *testing.B) *inventory.Store {
	b.Helper()
	store := inventory.NewStore()
	put(b, store, rootKind, `{"metadata":{"name":"public","namespace":"gloo-system"},"spec":{"virtualHost":{"routes":[
{"matchers":[{"prefix":"/"}],"delegateAction":{"selector":{"labels":{"apiGroup":"example"},"namespaces":["*"]}}}]}}}`)
	for i := range apps {
		for v := 1; v <= 2; v++ {
			w := decoded(b, deploymentKind, string(deployment(i, v, 10))).(*fact.Workload)
			w.Version.Compact()
			store.Put(w)
		}
		const labels = `"labels":{"app.kubernetes.io/managed-by":"aviary","aviary.dev/app":"app"}`
		put(b, store, upstreamKind, `{"metadata":{"name":"app","namespace":"`+namespace(i)+`",`+labels+`},"spec":{"kube":{
"selector":{"app":"app"},"serviceName":"app","serviceNamespace":"`+namespace(i)+`","servicePort":80,
"subsetSpec":{"selectors":[{"keys":["version"]}]}}}}`)
		put(b, store, tableKind, string(handMade(i, 10)))
		managed := strings.NewReplacer(`"hand-made"`, `"app-routes"`, `"labels":{"apiGroup":"example"}`, labels)
		put(b, store, tableKind, managed.Replace(string(handMade(i, 2))))
		put(b, store, serviceKind, `{"metadata":{"name":"app","namespace":"`+namespace(i)+`",`+labels+`},"spec":{
"selector":{"app":"app"},"ports":[{"port":80,"targetPort":8080}]}}`)
		store.Put(&fact.Namespace{Name: namespace(i)})
	}
	return store
}

func namespace(i int) string { return fmt.Sprintf("ns-%d", i) }

func deployment(app, version, weight int) []byte {
	role := `"aviary.dev/role":"primary","aviary.dev/promoted-at":"2026-01-02T03:04:05.000Z"`
	if version > 1 {
		role = fmt.Sprintf(`"aviary.dev/role":"canary","aviary.dev/weight":"%d",
"aviary.dev/weight-raised-at":"2026-01-02T03:04:05.000Z"`, weight)
	}
	return fmt.Appendf(nil, `{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"app-v%[2]d",
"namespace":"%[1]s","uid":"u-%[2]d",
"creationTimestamp":"2026-01-0%[2]dT00:00:00Z","generation":3,"resourceVersion":"123456","labels":{"app":"app",
"version":"v%[2]d"},
"annotations":{"aviary.dev/app":"app","aviary.dev/api-group":"example",%[3]s,"deployment.kubernetes.io/revision":"1"},
"managedFields":[{"manager":"kubectl","operation":"Apply","apiVersion":"apps/v1","time":"2026-01-01T00:00:00Z",
"fieldsType":"FieldsV1","fieldsV1":{"f:metadata":{"f:annotations":{"f:aviary.dev/app":{},"f:aviary.dev/role":{}}},
"f:spec":{"f:replicas":{},"f:selector":{},"f:template":{"f:metadata":{"f:labels":{"f:app":{},"f:version":{}}},
"f:spec":{"f:containers":{"k:{\"name\":\"app\"}":{".":{},"f:image":{},"f:name":{},
"f:ports":{"k:{\"containerPort\":8080,\"protocol\":\"TCP\"}":{".":{},"f:containerPort":{}}},
"f:resources":{"f:limits":{"f:memory":{}},"f:requests":{"f:cpu":{},"f:memory":{}}}}}}}}}}]},
"spec":{"replicas":3,"selector":{"matchLabels":{"app":"app","version":"v%[2]d"}},
"template":{"metadata":{"labels":{"app":"app","version":"v%[2]d"}},"spec":{"containers":[{"name":"app",
"image":"registry.example/app:%[2]d","ports":[{"containerPort":8080,"protocol":"TCP"}],
"resources":{"limits":{"memory":"128Mi"},"requests":{"cpu":"100m","memory":"64Mi"}},
"readinessProbe":{"httpGet":{"path":"/ready","port":8080,"scheme":"HTTP"},"timeoutSeconds":1,"periodSeconds":10,
"successThreshold":1,"failureThreshold":3},"terminationMessagePath":"/dev/termination-log",
"terminationMessagePolicy":"File","imagePullPolicy":"IfNotPresent"}],"restartPolicy":"Always",
"terminationGracePeriodSeconds":30,"dnsPolicy":"ClusterFirst","securityContext":{},
"schedulerName":"default-scheduler"}},"strategy":{"type":"RollingUpdate","rollingUpdate":{"maxUnavailable":"25%%",
"maxSurge":"25%%"}},"revisionHistoryLimit":10,"progressDeadlineSeconds":600},
"status":{"observedGeneration":3,"replicas":3,"updatedReplicas":3,"readyReplicas":3,"availableReplicas":3}}`,
		namespace(app), version, role)
}

// handMade is a RouteTable whose routes are version splits, in pairs: with a header, then without.
func handMade(app, routes int) []byte {
	var list []byte
	for i := range routes {
		if i > 0 {
			list = append(list, ',')
		}
		destination := func(version string, weight int) string {
			return fmt.Sprintf(`{"weight":%d,"destination":{"upstream":{"name":"app","namespace":"%s"},
"subset":{"values":{"version":"%s"}}}}`, weight, namespace(app), version)
		}
		headers := ""
		if i%2 == 0 && routes > 1 {
			headers = `,"headers":[{"name":"x","value":"y"}]`
		}
		list = fmt.Appendf(list, `{"matchers":[{"prefix":"/app-%d/%d"%s}],"routeAction":{"multi":{"destinations":[%s,%s]}}}`,
			app, i/2, headers, destination("v1", 90), destination("v2", 10))
	}
	return fmt.Appendf(nil, `{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","metadata":{"name":"hand-made",
"namespace":"%s","labels":{"apiGroup":"example"},"generation":2,"resourceVersion":"99","uid":"t"},
"spec":{"routes":[%s]}}`, namespace(app), list)
}

func review(b testing.TB, resource, group, kind, operation string, object, old []byte) []byte {
	b.Helper()
	var meta metav1.PartialObjectMetadata
	for _, raw := range [][]byte{old, object} {
		if len(raw) > 0 {
			if err := json.Unmarshal(raw, &meta); err != nil {
				b.Fatal(err)
			}
		}
	}
	body, err := json.Marshal(admissionv1.AdmissionReview{
		TypeMeta: metav1.TypeMeta{APIVersion: "admission.k8s.io/v1", Kind: "AdmissionReview"},
		Request: &admissionv1.AdmissionRequest{
			UID: "705ab4f5-6393-11e8-b7cc-42010a800002", Operation: admissionv1.Operation(operation),
			Kind:      metav1.GroupVersionKind{Group: group, Version: "v1", Kind: kind},
			Resource:  metav1.GroupVersionResource{Group: group, Version: "v1", Resource: resource},
			Namespace: meta.Namespace, Name: meta.Name,
			Object: runtime.RawExtension{Raw: object}, OldObject: runtime.RawExtension{Raw: old},
		},
	})
	if err != nil {
		b.Fatal(err)
	}
	return body
}
