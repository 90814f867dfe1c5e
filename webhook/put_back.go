package webhook

import (
	"bytes"
	"maps"
	"slices"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	admissionv1 "k8s.io/api/admission/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/convention"
	"aviary.dev/dialect"
)

// written are the parts of an object that Aviary may write.
type written struct {
	Metadata struct {
		Labels      map[string]string `json:"labels"`
		Annotations map[string]string `json:"annotations"`
	} `json:"metadata"`
	Spec map[string]jsontext.Value `json:"spec"`
}

// rewrites reports whether the request changes something of the sibling that Aviary writes, as
// expander.correct does: all of spec, but of a Service only what is planned of it; planned labels
// and annotations. What others add to the metadata stays.
func rewrites(req *admissionv1.AdmissionRequest, kind *dialect.Kind, s *dialect.Sibling) bool {
	var old, now written
	if req.Operation == admissionv1.Delete {
		return true
	}
	if jsonv2.Unmarshal(req.OldObject.Raw, &old) != nil || jsonv2.Unmarshal(req.Object.Raw, &now) != nil {
		return true // it is not as Aviary wrote it
	}
	desired := s.Object()
	labels := desired.GetLabels()
	if now.Metadata.Labels[convention.KeyManagedBy] != "" {
		delete(labels, convention.KeyManagedBy) // whatever it says may stay
	}
	return differ(old.Metadata.Labels, now.Metadata.Labels, labels) ||
		differ(old.Metadata.Annotations, now.Metadata.Annotations, desired.GetAnnotations()) ||
		specsDiffer(old.Spec, now.Spec, kind, desired)
}

// differ reports whether the two have another value for one of the keys.
func differ(old, now, keys map[string]string) bool {
	for k := range keys {
		if old[k] != now[k] {
			return true
		}
	}
	return false
}

func specsDiffer(old, now map[string]jsontext.Value, kind *dialect.Kind, desired *unstructured.Unstructured) bool {
	keys := slices.AppendSeq(slices.Collect(maps.Keys(old)), maps.Keys(now))
	if kind.Role == dialect.Service {
		spec, _, _ := unstructured.NestedMap(desired.Object, "spec")
		keys = slices.Collect(maps.Keys(spec))
	}
	return slices.ContainsFunc(keys, func(k string) bool { return !bytes.Equal(old[k], now[k]) })
}
