package judge

import (
	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// records tells of changes to what Aviary notes on the table that it keeps for an app: later
// decisions rest on it, and what it said before can't be told from the versions. Aviary itself is
// not asked about. Whoever restores a table brings its records.
func (d *decision) records(t *fact.Table) *[]input.Finding {
	old, ok := d.request.Old.(*fact.Table)
	if !ok || d.request.Operation != Update || old.App == "" {
		return nil
	}
	if old.ID != d.kinds.Table(route.Ref{Namespace: old.Namespace, Name: old.App}) {
		return nil // a mark on another object is nobody's
	}
	var found []convention.Finding
	for _, r := range []struct{ key, of, before, after string }{
		{convention.KeyWasPrimary, "the versions that were primary", old.WasPrimary, t.WasPrimary},
		{convention.KeyFollows, "the roles and weights that the table follows", old.Follows, t.Follows},
	} {
		if r.before == r.after {
			continue
		}
		fix := "leave it out of what you apply, or write what it says now"
		if r.after == "" {
			fix = "keep it as it is"
		}
		found = append(found, convention.Finding{
			Key: r.key, Field: convention.Annotation(r.key),
			Message: "is Aviary's record of " + r.of + ", nobody else may change it", Fix: fix,
		})
	}
	if len(found) == 0 {
		return nil
	}
	return describeFindings(found)
}
