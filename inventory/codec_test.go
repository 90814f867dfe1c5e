package inventory

import (
	"reflect"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
)

// TestCodecsReadAsClientGo reads what an API server sends in both ways.
func TestCodecsReadAsClientGo(t *testing.T) {
	t.Parallel()
	scheme := glootest.Kinds().Scheme()
	decoders := func(s runtime.NegotiatedSerializer) (object, stream runtime.Decoder) {
		info, ok := runtime.SerializerInfoForMediaType(s.SupportedMediaTypes(), runtime.ContentTypeJSON)
		if !ok {
			t.Fatal("no JSON")
		}
		return s.DecoderToVersion(info.Serializer, nil), s.DecoderToVersion(info.StreamSerializer.Serializer, nil)
	}
	object, stream := decoders(codecs(scheme))
	wantObject, wantStream := decoders(serializer.NewCodecFactory(scheme).WithoutConversion())
	const meta = `"metadata":{"name":"a","namespace":"n","uid":"u","resourceVersion":"7",
"creationTimestamp":"2026-01-02T03:04:05Z",
"labels":{"app":"a"},"annotations":{"x":"é"},"managedFields":[{"manager":"m","operation":"Apply",
"fieldsV1":{"f:spec":{}}}],
"ownerReferences":[{"apiVersion":"apps/v1","kind":"Deployment","name":"d","uid":"v"}]}`
	const workload = `{` + meta + `,"spec":{"replicas":2,"selector":{"matchLabels":{"app":"a"}},
"template":{"metadata":{"labels":{"app":"a"}},
"spec":{"containers":[{"name":"c","ports":[{"containerPort":80}],"resources":{"limits":{"cpu":"1"}}}]}}},
"status":{"availableReplicas":1}}`
	const routes = `{"matchers":[{"prefix":"/a","headers":[{"name":"h"}]}],"routeAction":{"multi":{"destinations":[
{"weight":100,"destination":{"upstream":{"name":"u"},"subset":{"values":{"version":"v1"}}}}]}}},
{"delegateAction":{"selector":{"labels":{"l":"m"}}}}`
	for kind, item := range map[string]string{
		"apps/v1 Deployment":  workload,
		"apps/v1 StatefulSet": workload,
		"apps/v1 DaemonSet":   workload,
		"v1 Service": `{` + meta + `,"spec":{"selector":{"app":"a"},"ports":[{"port":80,
"targetPort":"http"},{"port":81,"targetPort":8080}]}}`,
		"v1 Namespace":                  `{` + meta + `}`,
		"gateway.solo.io/v1 RouteTable": `{` + meta + `,"spec":{"weight":3,"routes":[` + routes + `]}}`,
		"gateway.solo.io/v1 VirtualService": `{` + meta + `,"spec":{"virtualHost":{"domains":["*"],
"routes":[` + routes + `]}}}`,
		"gloo.solo.io/v1 Upstream": `{` + meta + `,"spec":{"kube":{"selector":{"app":"a"},"servicePort":80,
"subsetSpec":{"selectors":[{"keys":["version"]}]}}}}`,
		"gloo.solo.io/v1 UpstreamGroup": `{` + meta + `,"spec":{"destinations":[{"weight":1,
"destination":{"kube":{"ref":{"name":"s"}}}}]}}`,
		"v1 Status": `{"status":"Failure","message":"too old resource version","reason":"Expired",
"code":410}`,
		"gateway.solo.io/v1 SomethingElse":     `{}`,
		"gateway.solo.io/v1 RouteTableGarbage": `{`,
	} {
		version, kind, _ := strings.Cut(kind, " ")
		head := `{"apiVersion":"` + version + `","kind":"` + kind
		one := head + `",` + item[1:]
		if item == "{}" {
			one = head + `"}`
		}
		list := head + `List","metadata":{"resourceVersion":"9","continue":"c"},"items":[` + item + `,` + item + `]}`
		for _, text := range []string{one, list} {
			got, errGot := runtime.Decode(object, []byte(text))
			want, errWant := runtime.Decode(wantObject, []byte(text))
			if (errGot == nil) != (errWant == nil) || errWant == nil && !reflect.DeepEqual(got, want) {
				t.Errorf("%s\nread:      %#v, %v\nclient-go: %#v, %v", text, got, errGot, want, errWant)
			}
		}
		var got, want metav1.WatchEvent
		event := []byte(`{"type":"ADDED","object":` + one + `}`)
		errGot, errWant := runtime.DecodeInto(stream, event, &got), runtime.DecodeInto(wantStream, event, &want)
		if (errGot == nil) != (errWant == nil) || errWant == nil && !reflect.DeepEqual(got, want) {
			t.Errorf("%s\nread:      %#v, %v\nclient-go: %#v, %v", event, got, errGot, want, errWant)
		}
	}
}

// TestCodecsAreLenient: an object whose content can't be read is seen with its metadata, and keeps
// no other from being seen.
func TestCodecsAreLenient(t *testing.T) {
	t.Parallel()
	info, _ := runtime.SerializerInfoForMediaType(codecs(glootest.Kinds().Scheme()).SupportedMediaTypes(),
		runtime.ContentTypeJSON)
	const (
		good = `{"metadata":{"name":"good"},"spec":{"routes":[{"matchers":[{"prefix":"/a"}]}]}}`
		bad  = `{"metadata":{"name":"bad","labels":{"a":"b"}},"spec":{"routes":{"weight":"50"}}}`
		head = `{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable`
	)
	one, err := runtime.Decode(info.Serializer, []byte(head+`",`+bad[1:]))
	if err != nil {
		t.Fatal(err)
	}
	list, err := runtime.Decode(info.Serializer,
		[]byte(head+`List","metadata":{"resourceVersion":"9"},"items":[`+bad+`,`+good+`,`+bad+`]}`))
	if err != nil {
		t.Fatal(err)
	}
	all := list.(*gloo.RouteTableList)
	if all.ResourceVersion != "9" || len(all.Items) != 3 {
		t.Fatalf("must be 3 at 9: %+v", all)
	}
	for _, x := range []*gloo.RouteTable{one.(*gloo.RouteTable), &all.Items[0], &all.Items[2]} {
		if x.Name != "bad" || x.Labels["a"] != "b" || len(x.Spec.Routes) > 0 {
			t.Errorf("must have metadata and no routes: %+v", x)
		}
	}
	if x := all.Items[1]; x.Name != "good" || len(x.Spec.Routes) != 1 {
		t.Errorf("must be whole: %+v", x)
	}
	if _, err := runtime.Decode(info.Serializer, []byte(head+`","metadata":7}`)); err == nil {
		t.Error("without metadata there is no object")
	}
}
