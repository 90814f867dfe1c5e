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

// lenient lets pass what is refused where the whole object is decoded.
var lenient = jsonv2.JoinOptions(jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))

// ErrNoObject is the error of what is no object of Kubernetes' at all.
var ErrNoObject = errors.New("must be an object with apiVersion, kind and metadata")

// ReadHeader reads the header of an object's JSON and skips the rest. What the header lacks is empty.
// With an error the kind is still there, if it is text.
func ReadHeader(text []byte) (Header, error) {
	var h Header
	err := dialect.Explain(jsonv2.Unmarshal(text, &h, lenient))
	if err == nil {
		return h, nil
	}
	h.Kind = kindIn(text)
	if bad, ok := errors.AsType[*dialect.ValueError](err); ok && bad.Field != "" {
		return h, bad
	}
	return h, ErrNoObject
}

func kindIn(text []byte) string {
	var only struct {
		Kind jsontext.Value `json:"kind"`
	}
	if jsonv2.Unmarshal(text, &only, lenient) != nil || only.Kind.Kind() != '"' {
		return ""
	}
	return unquoted(only.Kind)
}

// GroupKind is the object's kind without the version.
func (h Header) GroupKind() schema.GroupKind {
	group, _, found := strings.Cut(h.APIVersion, "/")
	if !found {
		group = ""
	}
	return schema.GroupKind{Group: group, Kind: h.Kind}
}
