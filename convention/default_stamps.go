package convention

import (
	"slices"
	"time"
)

// leftApp returns the patch of a Deployment of no app: what stamps say of an app goes, and the
// override, which counts on any Deployment, has its own.
func leftApp(old, d *Deployment, now time.Time) Patch {
	var p Patch
	for _, key := range []string{KeyPromotedAt, KeyWeightRaisedAt} {
		p.annotate(d.Annotations, key, "")
	}
	if d.Annotations[KeyOverride] == "" { // its history too, or it could never lose the last of our keys
		p.annotate(d.Annotations, KeyOverriddenAt, "")
		return p
	}
	p.overridden(old, d, time.Time{}, now)
	return p
}

// stamps stamps a promotion, a raise of the weight and an override.
func (p *Patch) stamps(
	old, d *Deployment, v *Version, others []*Version, live LiveTable, keys LabelKeys, now time.Time,
) {
	was := &Version{}
	if old != nil {
		if o, _ := Read(old, keys); o != nil {
			was = o
		}
	}
	newest := newestStamps(d, others)
	promoted := v.Role == Primary && was.Role != Primary
	if old == nil {
		// A stamp that is restored stays, whatever the role: an app may go on with a primary that no longer says so.
		promoted = !v.PromotedAt.IsZero() && !v.PromotedAt.After(now) || promoted && !comesBack(v, others, live)
	}
	p.stamp(old, d, KeyPromotedAt, promoted, newest.PromotedAt, now)
	p.stamp(old, d, KeyWeightRaisedAt, v.Weight > was.Weight, newest.WeightRaisedAt, now)
	p.overridden(old, d, newest.OverriddenAt, now)
}

// comesBack reports whether a version that is created and says primary was it before, and now stands beside an
// available one that says so, too. It gets no stamp, so it is superseded until the other one lets go: a rollback first
// creates what was there and then changes what is, and must not move traffic in between.
func comesBack(v *Version, others []*Version, live LiveTable) bool {
	_, was := live.Record.of(v.Name)
	return was && slices.ContainsFunc(others, func(o *Version) bool {
		return o.Deployment != v.Deployment && o.Role == Primary && o.Serves()
	})
}

// overridden stamps a change of the override, on a Deployment of an app or of none.
func (p *Patch) overridden(old, d *Deployment, newest, now time.Time) {
	said := d.Annotations[KeyOverride]
	changed := said != "" && (old == nil || said != old.Annotations[KeyOverride])
	p.stamp(old, d, KeyOverriddenAt, changed, newest, now)
}

// stamp sets one stamp; newest is the newest such stamp among the app's other versions.
func (p *Patch) stamp(old, d *Deployment, key string, changed bool, newest, now time.Time) {
	s := stamp{created: old == nil, changed: changed, sent: d.Annotations[key], newest: newest, now: now}
	if old != nil {
		s.old = old.Annotations[key]
	}
	p.annotate(d.Annotations, key, s.value())
}

// newestStamps returns the newest stamps among the app's other versions.
func newestStamps(d *Deployment, others []*Version) Version {
	var newest Version
	for _, o := range others {
		if o.Deployment == d.Name {
			continue
		}
		newest.PromotedAt = later(newest.PromotedAt, o.PromotedAt)
		newest.WeightRaisedAt = later(newest.WeightRaisedAt, o.WeightRaisedAt)
		newest.OverriddenAt = later(newest.OverriddenAt, o.OverriddenAt)
	}
	return newest
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Unstamped reports whether the request makes the version primary without the stamp that Default would have set, so
// that the defaulting webhook cannot have been called. One that is created beside another stated primary may have none.
func (a *App) Unstamped(old, v *Version) bool {
	if v.Role != Primary || old != nil && old.Role == Primary {
		return false
	}
	if _, was := a.live.Record.of(v.Name); old == nil && was {
		return false // when it was defaulted, another one may still have said so
	}
	if old == nil && slices.ContainsFunc(a.Versions, func(o *Version) bool { return o != v && o.Role == Primary }) {
		return false
	}
	return v.PromotedAt.IsZero() || old != nil && v.PromotedAt.Equal(old.PromotedAt)
}
