package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"aviary.dev/convention"
)

// fill gives the Deployment, which has a namespace, with its defaults; nil if it is none of Aviary's. The stamps stay as
// they are: the cluster sets them.
func (x *expansion) fill(object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	if _, ok := object.GetAnnotations()[convention.KeyApp]; !ok {
		return nil, nil
	}
	data, err := json.Marshal(object.Object)
	if err != nil {
		return nil, err
	}
	d := &convention.Deployment{}
	if err := json.Unmarshal(data, d); err != nil {
		return nil, err
	}
	patch := slices.DeleteFunc(convention.Default(nil, d, nil, x.judge.Settings().Keys, time.Time{}), func(op convention.Op) bool {
		return strings.HasPrefix(op.Path, "/metadata/annotations/")
	})
	if len(patch) == 0 {
		return object, nil
	}
	encoded, err := json.Marshal(patch)
	if err != nil {
		return nil, err
	}
	decoded, err := jsonpatch.DecodePatch(encoded)
	if err != nil {
		return nil, err
	}
	if data, err = decoded.Apply(data); err != nil {
		return nil, err
	}
	out := &unstructured.Unstructured{}
	return out, utiljson.Unmarshal(data, &out.Object)
}

// unquoted reports annotations of Aviary's whose values YAML does not read as text, the likeliest slip of all.
func (x *expansion) unquoted(i int) bool {
	annotations, _, _ := unstructured.NestedMap(x.manifests[i].Object, "metadata", "annotations")
	found := false
	for _, key := range slices.Sorted(maps.Keys(annotations)) {
		if _, ok := annotations[key].(string); ok || !strings.HasPrefix(key, convention.Prefix) {
			continue
		}
		found = true
		fix := "remove it"
		switch value := annotations[key].(type) {
		case bool, int64, float64:
			fix = fmt.Sprintf(`write "%v", with the quotes`, value)
		}
		x.note(i, false, key, convention.Annotation(key)+": must be text; "+fix)
	}
	return found
}

// plain tells what encoding/json found without the Go types that it was to become.
func plain(err error) string {
	text := strings.TrimPrefix(strings.TrimPrefix(err.Error(), "decode: "), "json: ")
	if text, ok := strings.CutPrefix(text, "cannot unmarshal "); ok {
		kind, at, _ := strings.Cut(text, " into Go struct field ")
		field, _, _ := strings.Cut(at, " of type ")
		if _, path, ok := strings.Cut(field, "."); ok {
			return strings.Replace(path, "ObjectMeta.", "", 1) + ": must not be a " + kind
		}
	}
	return text
}
