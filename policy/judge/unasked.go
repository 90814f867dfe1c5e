package judge

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// guard is the rule that would refuse to take away what a route needs.
const guard = "stranded-traffic"

// Unasked tells which routes of a table pick workloads of which Aviary does not know when they go: the webhooks are
// asked about those that have the label of versions, or annotations of Aviary's, and these have neither
// (docs/adr/0027). Its findings have the mode of the rule that would refuse it, as a warning at most.
func (j *Judge) Unasked(ctx context.Context, t *fact.Table, facts fact.Reader) ([]policy.Finding, error) {
	if t.Retire || t.Terminating {
		return nil, nil
	}
	d := j.begin(ctx, Request{Operation: Audit, New: t}, facts)
	res := newResolver(d.kinds, d.after)
	var found []policy.Finding
	for i := range t.Routes {
		for k := range t.Routes[i].Destinations {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			to := &t.Routes[i].Destinations[k]
			if known := len(res.all); d.picksByAnother(to) {
				s := res.resolve(ctx, d.dialect, to)
				if len(res.all) == known {
					continue // as one before it
				}
				unasked, err := d.unasked(ctx, s)
				if err != nil {
					return nil, err
				}
				if unasked {
					found = append(found, d.unaskedAt(to))
				}
			}
		}
	}
	found = policy.Sort(d.engine.InForce(found))
	for i := range found {
		found[i].Mode = min(found[i].Mode, policy.ModeWarn)
	}
	return found, nil
}

// picksByAnother reports whether a destination picks pods by labels, none of which is that of versions.
func (d *decision) picksByAnother(to *route.Destination) bool {
	if !to.Backend.Known() || len(to.Backend.Labels) == 0 {
		return false
	}
	_, ok := to.Backend.Labels[d.settings.Keys.Version]
	return !ok
}

// unasked reports whether a workload that is picked has neither the label of versions nor belongs to an app.
func (d *decision) unasked(ctx context.Context, s *resolved) (bool, error) {
	e := &s.endpoints
	if !s.follows() || e.Apart {
		return false, nil
	}
	all, err := d.after.Workloads(ctx, e.Namespace, e.Selector)
	return slices.ContainsFunc(all, func(w *fact.Workload) bool {
		_, versioned := w.Labels[d.settings.Keys.Version]
		return !versioned && w.Version == nil && w.Deployed() && w.Carries(e.Labels)
	}), err
}

func (d *decision) unaskedAt(to *route.Destination) policy.Finding {
	by := strings.Join(slices.Sorted(maps.Keys(to.Backend.Labels)), ", ")
	key := d.settings.Keys.Version
	return policy.Finding{
		Rule: guard, Field: to.Field,
		Message: fmt.Sprintf("picks pods of %s by the label %s; their workloads lack the label %s, so nothing keeps them "+
			"from being deleted or relabelled under this route", d.name(to.Backend.ID), by, key),
		Fix: fmt.Sprintf("give their pod templates the label %s as well, or have Aviary go by %s (--label-keys)", key, by),
	}
}
