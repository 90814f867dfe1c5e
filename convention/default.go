package convention

import (
	"slices"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Default gives the patch that fills in what a Deployment leaves out: labels and selector where absent, and the stamps.
// Nothing that is there is overwritten but the stamps, which are Aviary's. Old is nil for a CREATE; others are the app's
// other versions. Applied twice it equals once.
func Default(old, d *Deployment, others []*Version, keys LabelKeys, now time.Time) Patch {
	var p Patch
	v, problems := Read(d, keys)
	if v == nil {
		for _, key := range []string{KeyPromotedAt, KeyWeightRaisedAt} { // it left its app
			p.annotate(d.Annotations, key, "")
		}
		if d.Annotations[KeyOverride] == "" { // its history too, or it could never lose the last of our keys
			p.annotate(d.Annotations, KeyOverriddenAt, "")
			return p
		}
		p.overridden(old, d, time.Time{}, now)
		return p
	}
	if !slices.ContainsFunc(problems, func(x Problem) bool { return x.Key == KeyApp || x.Key == KeyVersion }) {
		p.labels(old, d, v, keys)
	}
	p.stamps(old, d, v, others, keys, now)
	return p
}

// overridden stamps a change of the override, on a Deployment of an app or of none.
func (p *Patch) overridden(old, d *Deployment, newest, now time.Time) {
	s := stamp{created: old == nil, changed: d.Annotations[KeyOverride] != "", sent: d.Annotations[KeyOverriddenAt], newest: newest, now: now}
	if old != nil {
		s.old = old.Annotations[KeyOverriddenAt]
		s.changed = s.changed && d.Annotations[KeyOverride] != old.Annotations[KeyOverride]
	}
	p.annotate(d.Annotations, KeyOverriddenAt, s.value())
}

func (p *Patch) labels(old, d *Deployment, v *Version, keys LabelKeys) {
	want := [][2]string{{keys.App, v.App}, {keys.Version, v.Name}}
	p.fill("/metadata/labels", d.Labels, want)
	if len(d.Spec.Template.raw) == 0 || d.Spec.Template.raw[0] != '{' {
		return // the API server refuses it; a patch of it could not be applied
	}
	template := "/spec/template/metadata"
	if !d.Spec.Template.hasMetadata {
		*p = append(*p, Op{"add", template, map[string]any{}})
	}
	p.fill(template+"/labels", d.Spec.Template.Labels, want)

	if !empty(d.Spec.Selector) {
		return
	}
	selector := &metav1.LabelSelector{MatchLabels: map[string]string{}}
	for _, w := range want {
		selector.MatchLabels[w[0]] = w[1]
		if value, ok := d.Spec.Template.Labels[w[0]]; ok {
			selector.MatchLabels[w[0]] = value
		}
	}
	if old != nil && !empty(old.Spec.Selector) {
		selector = old.Spec.Selector // it is immutable
	}
	*p = append(*p, Op{"add", "/spec/selector", selector})
}

func (p *Patch) stamps(old, d *Deployment, v *Version, others []*Version, keys LabelKeys, now time.Time) {
	was := &Version{}
	if old != nil {
		if o, _ := Read(old, keys); o != nil {
			was = o
		}
	}
	promoted := stamp{created: old == nil, changed: v.Role == Primary && was.Role != Primary, now: now}
	raised := stamp{created: old == nil, changed: v.Weight > was.Weight, now: now}
	var overridden time.Time
	for _, o := range others {
		if o.Deployment == d.Name {
			continue
		}
		overridden = later(overridden, o.OverriddenAt)
		promoted.newest = later(promoted.newest, o.PromotedAt)
		raised.newest = later(raised.newest, o.WeightRaisedAt)
	}
	have := d.Annotations
	for key, s := range map[string]*stamp{KeyPromotedAt: &promoted, KeyWeightRaisedAt: &raised} {
		s.sent = have[key]
		if old != nil {
			s.old = old.Annotations[key]
		}
	}
	p.annotate(have, KeyPromotedAt, promoted.value())
	p.annotate(have, KeyWeightRaisedAt, raised.value())
	p.overridden(old, d, overridden, now)
}

// Unstamped reports whether the request makes the version primary without the stamp that Default would have set, so
// that the defaulting webhook cannot have been called.
func Unstamped(old, v *Version) bool {
	if v.Role != Primary || old != nil && old.Role == Primary {
		return false
	}
	return v.PromotedAt.IsZero() || old != nil && v.PromotedAt.Equal(old.PromotedAt)
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// DefaultTable gives the patch that labels a RouteTable with its Namespace's first API group, if it has no such label.
// Without the Namespace's annotation nothing is added: a table without the label may be internal on purpose.
func DefaultTable(labels map[string]string, groups []string, keys LabelKeys) Patch {
	var p Patch
	if len(groups) > 0 {
		p.fill("/metadata/labels", labels, [][2]string{{keys.APIGroup, groups[0]}})
	}
	return p
}
