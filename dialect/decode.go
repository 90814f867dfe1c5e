package dialect

import (
	"bytes"

	jsonv2 "github.com/go-json-experiment/json"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/fact"
)

// Decode reads the fact of an object from its JSON: field names must have the right case and stand
// once, as for the API server, and what is not asked for is skipped. No bytes, or a kind that no
// facts are kept of, give nil. An error names the field and what it must be.
func (k *Kinds) Decode(kind schema.GroupKind, raw []byte) (fact.Fact, error) {
	known := k.by[kind]
	if known == nil || absent(raw) {
		return nil, nil
	}
	o := known.New()
	if err := jsonv2.Unmarshal(raw, o); err != nil {
		return nil, Explain(err)
	}
	return known.Fact(o), nil
}

// MayLead reports whether an object may hand requests on to others: what it led to before a request is asked.
func (k *Kinds) MayLead(kind schema.GroupKind, raw []byte) bool {
	known := k.by[kind]
	return known != nil && known.Leads != "" && bytes.Contains(raw, []byte(known.Leads))
}

// DecodeMetadata reads of an object its metadata and skips the rest: of most old objects nothing else
// is asked, and decoding it would be a third of the time that a request takes. It also serves where
// the rest can't be read.
func (k *Kinds) DecodeMetadata(kind schema.GroupKind, raw []byte) (fact.Fact, error) {
	known := k.by[kind]
	if known == nil || absent(raw) {
		return nil, nil
	}
	m, err := Metadata(raw)
	if err != nil {
		return nil, err
	}
	o := known.New()
	setMetadata(o, m)
	return known.Fact(o), nil
}

// Metadata reads the metadata of an object of any kind from its JSON.
func Metadata(raw []byte) (*metav1.ObjectMeta, error) {
	var only struct {
		metav1.ObjectMeta `json:"metadata"`
	}
	if err := jsonv2.Unmarshal(raw, &only); err != nil {
		return nil, Explain(err)
	}
	return &only.ObjectMeta, nil
}

func absent(raw []byte) bool { return len(raw) == 0 || string(raw) == "null" }

func setMetadata(o metav1.Object, m *metav1.ObjectMeta) {
	o.SetNamespace(m.Namespace)
	o.SetName(m.Name)
	o.SetUID(m.UID)
	o.SetResourceVersion(m.ResourceVersion)
	o.SetCreationTimestamp(m.CreationTimestamp)
	o.SetDeletionTimestamp(m.DeletionTimestamp)
	o.SetLabels(m.Labels)
	o.SetAnnotations(m.Annotations)
	o.SetOwnerReferences(m.OwnerReferences)
	o.SetManagedFields(m.ManagedFields)
}
