package inventory

import (
	"errors"
	"reflect"
	"sync/atomic"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"sigs.k8s.io/controller-runtime/pkg/log"
)

var unreadable atomic.Int64

// Unreadable is how many answers of the API server held an object whose content could not be read, since the start.
func Unreadable() int64 { return unreadable.Load() }

// decodeLenient reads an object, or a list of them, with nothing but metadata where the content can't be read: what was
// stored before the CRD had a schema, or under one that lets anything pass, must not keep all others from being seen.
func decodeLenient(data []byte, into any) error {
	var list struct {
		Metadata jsontext.Value   `json:"metadata"`
		Items    []jsontext.Value `json:"items"`
	}
	if err := jsonv2.Unmarshal(data, &list); err != nil {
		return err
	}
	if list.Items == nil {
		text, err := bare(data)
		return errors.Join(err, jsonv2.Unmarshal(text, into))
	}
	for i, item := range list.Items {
		alone, err := jsonv2.Marshal(map[string]any{"items": []jsontext.Value{item}})
		if err != nil {
			return err
		}
		if jsonv2.Unmarshal(alone, reflect.New(reflect.TypeOf(into).Elem()).Interface()) == nil {
			continue
		}
		if list.Items[i], err = bare(item); err != nil {
			return err
		}
	}
	text, err := jsonv2.Marshal(list)
	return errors.Join(err, jsonv2.Unmarshal(text, into))
}

// bare returns of an object its metadata alone, and logs which one it is.
func bare(data []byte) ([]byte, error) {
	var o struct {
		Kind     string         `json:"kind,omitempty"`
		Metadata jsontext.Value `json:"metadata"`
	}
	var named struct{ Namespace, Name string }
	if err := jsonv2.Unmarshal(data, &o); err != nil {
		return nil, err
	}
	if err := jsonv2.Unmarshal(o.Metadata, &named, jsonv2.MatchCaseInsensitiveNames(true)); err != nil {
		return nil, err
	}
	log.Log.WithName("inventory").Info("an object's content can't be read and counts as none; mend it or delete it",
		"level", "warning", "kind", o.Kind, "namespace", named.Namespace, "name", named.Name)
	return jsonv2.Marshal(o)
}
