package inventory

import (
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"reflect"
	"sync"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/prometheus/client_golang/prometheus"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"
	"sigs.k8s.io/controller-runtime/pkg/log"
	"sigs.k8s.io/controller-runtime/pkg/metrics"
)

var unreadable = prometheus.NewCounter(prometheus.CounterOpts{
	Name: "aviary_unreadable_total", Help: "Answers of the API server with an object whose content Aviary could not read; it counts as one without content.",
})

func init() { metrics.Registry.MustRegister(unreadable) } //nolint:gochecknoinits // because metrics are the process's.

// salvage reads an object, or a list of them, with nothing but metadata where the content can't be read: what was stored
// before the CRD had a schema, or under one that lets anything pass, must not keep all others from being seen.
func salvage(data []byte, into any) error {
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

// bare gives of an object its metadata alone, and logs which one it is.
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

// salvaging reads as its client does, and without content what that can't read.
type salvaging struct{ client.Reader }

// Get implements client.Reader.
func (s salvaging) Get(ctx context.Context, key client.ObjectKey, into client.Object, options ...client.GetOption) error {
	err := s.Reader.Get(ctx, key, into, options...)
	if !garbled(ctx, err) {
		return err
	}
	return again(err, into, &unstructured.Unstructured{}, func(raw *unstructured.Unstructured) error { return s.Reader.Get(ctx, key, raw, options...) })
}

// List implements client.Reader.
func (s salvaging) List(ctx context.Context, into client.ObjectList, options ...client.ListOption) error {
	err := s.Reader.List(ctx, into, options...)
	if !garbled(ctx, err) {
		return err
	}
	return again(err, into, &unstructured.UnstructuredList{}, func(raw *unstructured.UnstructuredList) error { return s.Reader.List(ctx, raw, options...) })
}

// again reads what came garbled as it stands, and salvages it.
func again[R interface {
	runtime.Object
	schema.ObjectKind
	json.Marshaler
}](garbled error, into runtime.Object, raw R, read func(R) error) error {
	kind, err := apiutil.GVKForObject(into, known())
	if err != nil {
		return garbled
	}
	raw.SetGroupVersionKind(kind)
	if err := read(raw); err != nil {
		return err
	}
	text, err := raw.MarshalJSON()
	if err != nil {
		return garbled
	}
	unreadable.Inc()
	reflect.ValueOf(into).Elem().SetZero()
	return salvage(text, into)
}

var known = sync.OnceValue(NewScheme)

// garbled reports whether an answer came and could not be read.
func garbled(ctx context.Context, err error) bool {
	if err == nil || ctx.Err() != nil || meta.IsNoMatchError(err) {
		return false
	}
	var status apierrors.APIStatus
	var network *url.Error
	return !errors.As(err, &status) && !errors.As(err, &network)
}
