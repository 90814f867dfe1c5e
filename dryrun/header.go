package dryrun

import (
	"errors"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/dialect"
)

// Header is what must be known of an object before it is decoded.
type Header struct {
	APIVersion string `json:"apiVersion"`
	Kind       string `json:"kind"`
}

// ErrNoObject is the error of what is no object of Kubernetes' at all.
var ErrNoObject = errors.New("must be an object with apiVersion, kind and metadata")

// ReadHeader reads the header of an object's JSON and skips the rest. What the header lacks is empty.
func ReadHeader(text []byte) (Header, error) {
	var h Header
	// Keys that stand twice are refused where the whole object is decoded.
	err := dialect.Explain(jsonv2.Unmarshal(text, &h, jsontext.AllowDuplicateNames(true)))
	if bad, ok := errors.AsType[*dialect.ValueError](err); ok && bad.Field != "" {
		return h, bad
	}
	if err != nil {
		return h, ErrNoObject
	}
	return h, nil
}

// GroupKind is the object's kind without the version.
func (h Header) GroupKind() schema.GroupKind {
	group, _, found := strings.Cut(h.APIVersion, "/")
	if !found {
		group = ""
	}
	return schema.GroupKind{Group: group, Kind: h.Kind}
}
