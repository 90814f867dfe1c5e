package fact

import "aviary.dev/convention"

// Live returns what the table says of the app that Aviary keeps it for; the zero value of a table of somebody else's,
// and of none.
func (t *Table) Live(app string, keys convention.LabelKeys) convention.Live {
	if t == nil || t.App != app {
		return convention.Live{}
	}
	return convention.ReadLive(t.Routes, t.WasPrimary, t.Follows, t.Labels[keys.APIGroup], keys)
}
