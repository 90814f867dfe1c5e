package convention

import (
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Defaults are the labels and the selector that a Deployment leaves out and Aviary fills in. They
// have two forms: [Defaults.Patch] for its JSON, and [Defaults.Apply] for one that was decoded.
type Defaults struct {
	labels, podLabels missing
	// podMetadata: the template has no metadata yet.
	podMetadata bool
	// selector is nil where the Deployment has one.
	selector *metav1.LabelSelector
}

// DefaultsFor decides what a Deployment leaves out. Stored is the selector of the object that it
// takes the place of, which cannot be changed; nil if there is none. What the Deployment has is never
// overwritten. There are no defaults for one of no app, or if its app or version can't be told.
func DefaultsFor(d *Deployment, stored *metav1.LabelSelector, keys LabelKeys) Defaults {
	app, version, ok := identity(d, keys)
	if !ok {
		return Defaults{}
	}
	want := []label{{keys.App, app}, {keys.Version, version}}
	out := Defaults{labels: missingFrom(d.Labels, want)}
	t := &d.Spec.Template
	if len(t.raw) == 0 || t.raw[0] != '{' {
		return out // the API server refuses it; a patch of it could not be applied
	}
	out.podLabels, out.podMetadata = missingFrom(t.Labels, want), !t.hasMetadata
	switch {
	case !empty(d.Spec.Selector):
	case stored != nil:
		out.selector = stored
	default:
		out.selector = selectorOf(t.Labels, want)
	}
	return out
}

// identity returns the app and the version that a Deployment says it is, and whether both can be.
func identity(d *Deployment, keys LabelKeys) (app, version string, ok bool) {
	app, ok = d.Annotations[KeyApp]
	if !ok || parseApp(app) != nil {
		return "", "", false
	}
	r := reader{annotations: d.Annotations}
	version, ok = r.version(d, app, keys)
	return app, version, ok
}

// selectorOf picks the pods: by the values that their labels have, else by those wanted.
func selectorOf(pods map[string]string, want []label) *metav1.LabelSelector {
	match := make(map[string]string, len(want))
	for _, w := range want {
		match[w.key] = w.value
		if value, ok := pods[w.key]; ok {
			match[w.key] = value
		}
	}
	return &metav1.LabelSelector{MatchLabels: match}
}

func empty(s *metav1.LabelSelector) bool {
	return s == nil || len(s.MatchLabels) == 0 && len(s.MatchExpressions) == 0
}

// Patch returns the defaults as a JSON patch of the Deployment that they were decided for.
func (f Defaults) Patch() Patch {
	var p Patch
	p.fill("/metadata/labels", f.labels)
	if f.podMetadata {
		p = append(p, Op{"add", "/spec/template/metadata", map[string]any{}})
	}
	p.fill("/spec/template/metadata/labels", f.podLabels)
	if f.selector != nil {
		p = append(p, Op{"add", "/spec/selector", f.selector})
	}
	return p
}

// Apply fills in the Deployment that the defaults were decided for. The template's hash stays that
// of the text that was read.
func (f Defaults) Apply(d *Deployment) {
	t := &d.Spec.Template
	d.Labels, t.Labels = f.labels.into(d.Labels), f.podLabels.into(t.Labels)
	t.hasMetadata = t.hasMetadata || f.podMetadata
	if f.selector != nil {
		d.Spec.Selector = f.selector
	}
}

// Default returns the patch of a Deployment in a request: its defaults, and the stamps, which are
// Aviary's and are overwritten. Old is nil for a CREATE; others are the app's other versions, and live is
// what its table says. Applied twice it equals once.
func Default(old, d *Deployment, others []*Version, live LiveTable, keys LabelKeys, now time.Time) Patch {
	v, _ := Read(d, keys)
	if v == nil {
		return leftApp(old, d, now)
	}
	var stored *metav1.LabelSelector
	if old != nil && !empty(old.Spec.Selector) {
		stored = old.Spec.Selector
	}
	p := DefaultsFor(d, stored, keys).Patch()
	p.stamps(old, d, v, others, live, keys, now)
	return p
}

// DefaultTable returns the patch that labels a table with its Namespace's first API group, if it has
// no such label. Without the Namespace's annotation nothing is added: a table without the label may
// be internal on purpose.
func DefaultTable(labels map[string]string, groups []string, keys LabelKeys) Patch {
	var p Patch
	p.fill("/metadata/labels", tableLabel(labels, groups, keys))
	return p
}

// TableLabels returns the labels of a table as [DefaultTable] leaves them; the map that it is called
// with stays as it is.
func TableLabels(labels map[string]string, groups []string, keys LabelKeys) map[string]string {
	return tableLabel(labels, groups, keys).added(labels)
}

func tableLabel(labels map[string]string, groups []string, keys LabelKeys) missing {
	if len(groups) == 0 {
		return missing{}
	}
	return missingFrom(labels, []label{{keys.APIGroup, groups[0]}})
}
