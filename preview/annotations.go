package preview

import (
	"errors"
	"maps"
	"regexp"
	"slices"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"aviary.dev/convention"
	"aviary.dev/dialect"
)

// aviarys returns the keys of the annotations that are Aviary's, sorted.
func (m metadata) aviarys() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(m.annotations)), func(key string) bool {
		return !strings.HasPrefix(key, convention.Prefix)
	})
}

// textual finds annotations of Aviary's whose values YAML does not read as text, the likeliest slip of
// all. It is false if one of them would be no text in quotes, either.
func (in *input) textual() bool {
	sound := true
	for _, key := range in.metadata.aviarys() {
		if bad := wrongText(in.metadata.annotations[key]); bad != nil {
			_, meant := bad.Meant(in.metadata.annotations[key])
			sound = sound && meant
			bad.Field = convention.Annotation(key)
			in.find(false, key, bad.Error())
		}
	}
	return sound
}

// findWrong finds all else that is not of the type that it must be.
func (in *input) findWrong() {
	for _, bad := range in.object.Wrong {
		key := annotationOf(bad.Field)
		if !in.deployment() || bad.Field != convention.Annotation(key) || !strings.HasPrefix(key, convention.Prefix) {
			in.find(false, key, "no valid "+in.kind.Kind+": "+bad.Error())
		}
	}
}

// wrongText says what is wrong with a value that must be text; nil if it is.
func wrongText(value jsontext.Value) *dialect.ValueError {
	var text *string
	err := jsonv2.Unmarshal(value, &text)
	bad, _ := errors.AsType[*dialect.ValueError](dialect.Explain(err))
	if err == nil && text == nil {
		return &dialect.ValueError{Is: "empty", Must: "text; write it in quotes"}
	}
	return bad
}

var annotationField = regexp.MustCompile(`annotations\[([^\]]+)\]`)

// annotationOf returns the annotation that a field path ends in; empty for none.
func annotationOf(field string) string {
	if m := annotationField.FindStringSubmatch(field); m != nil {
		return m[1]
	}
	return ""
}
