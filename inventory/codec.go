package inventory

import (
	"slices"

	jsonv2 "github.com/go-json-experiment/json"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

// codecs returns client-go's, with a reader of JSON that goes over each object less often (ADR 14):
// to read all there is takes most of a start.
func codecs(scheme *runtime.Scheme) runtime.NegotiatedSerializer {
	return onePass{serializer.NewCodecFactory(scheme).WithoutConversion(), scheme}
}

type onePass struct {
	runtime.NegotiatedSerializer
	scheme *runtime.Scheme
}

// SupportedMediaTypes implements runtime.NegotiatedSerializer.
func (c onePass) SupportedMediaTypes() []runtime.SerializerInfo {
	all := slices.Clone(c.NegotiatedSerializer.SupportedMediaTypes())
	for i := range all {
		if all[i].MediaType != runtime.ContentTypeJSON {
			continue
		}
		all[i].Serializer = jsonReader{all[i].Serializer, c.scheme}
		stream := *all[i].StreamSerializer
		stream.Serializer = jsonReader{stream.Serializer, c.scheme}
		all[i].StreamSerializer = &stream
	}
	return all
}

// jsonReader decodes what is watched; the rest, as errors and options, it leaves to client-go's serializer.
type jsonReader struct {
	runtime.Serializer
	scheme *runtime.Scheme
}

// Decode implements runtime.Decoder.
func (r jsonReader) Decode(
	data []byte, defaults *schema.GroupVersionKind, into runtime.Object,
) (runtime.Object, *schema.GroupVersionKind, error) {
	if event, ok := into.(*metav1.WatchEvent); ok {
		return event, nil, jsonv2.Unmarshal(data, event)
	}
	var of metav1.TypeMeta
	if into != nil || jsonv2.Unmarshal(data, &of) != nil {
		return r.Serializer.Decode(data, defaults, into)
	}
	kind := of.GroupVersionKind()
	out, err := r.scheme.New(kind)
	if err != nil || kind.Group == metav1.GroupName || kind == metav1.SchemeGroupVersion.WithKind("Status") {
		return r.Serializer.Decode(data, defaults, nil)
	}
	if err = jsonv2.Unmarshal(data, out); err != nil {
		unreadable.Add(1)
		log.Log.WithName("inventory").Error(err, "an answer can't be read whole", "kind", kind.Kind)
		out, _ = r.scheme.New(kind)
		err = decodeLenient(data, out)
	}
	return out, &kind, err
}
