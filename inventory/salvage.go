package inventory

import (
	"errors"
	"reflect"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
	"github.com/prometheus/client_golang/prometheus"
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

// bare gives of an object its metadata alone.
func bare(data []byte) ([]byte, error) {
	var o struct {
		Metadata jsontext.Value `json:"metadata"`
	}
	if err := jsonv2.Unmarshal(data, &o); err != nil {
		return nil, err
	}
	return jsonv2.Marshal(o)
}
