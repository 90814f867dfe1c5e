package webhook

import (
	"bytes"
	"context"
	"time"

	"k8s.io/apimachinery/pkg/types"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/policy/judge"
)

// overrideInForce returns the override's text; empty for none.
func (v *Validate) overrideInForce(ctx context.Context, c *call) (string, error) {
	if c.request.Operation == judge.Scale { // a Scale has none of its workload's annotations
		o := scaled(c.judge.Kinds(), &c.AdmissionRequest).New()
		if err := v.Live.Get(ctx, types.NamespacedName{Namespace: c.Namespace, Name: c.Name}, o); err != nil {
			return "", err
		}
		return v.recent(o.GetAnnotations()), nil
	}
	if c.request.Operation == judge.Delete {
		old, err := annotations(c.OldObject.Raw)
		return v.recent(old), err
	}
	return c.changedOverride()
}

// changedOverride returns the override that the request adds or changes; empty for none.
func (c *call) changedOverride() (string, error) {
	sent, err := annotations(c.Object.Raw)
	if err != nil || sent[convention.KeyOverride] == "" {
		return "", err
	}
	old, err := annotations(c.OldObject.Raw)
	if err != nil || sent[convention.KeyOverride] == old[convention.KeyOverride] {
		return "", err
	}
	return sent[convention.KeyOverride], nil
}

// recent returns the override of an object whose stamp is not older than an hour.
func (v *Validate) recent(annotations map[string]string) string {
	if annotations[convention.KeyOverride] == "" {
		return ""
	}
	at, err := time.Parse(time.RFC3339Nano, annotations[convention.KeyOverriddenAt])
	if now := v.Now(); err != nil || now.Sub(at) > convention.OverrideLasts || at.After(now.Add(time.Minute)) {
		return ""
	}
	return annotations[convention.KeyOverride]
}

// annotations reads the object's annotations, if it has an override at all.
func annotations(raw []byte) (map[string]string, error) {
	if !bytes.Contains(raw, []byte(convention.KeyOverride)) {
		return nil, nil
	}
	m, err := dialect.Metadata(raw)
	if err != nil {
		return nil, err
	}
	return m.Annotations, nil
}
