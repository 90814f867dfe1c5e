package fact

import "aviary.dev/convention"

// Live returns what the table says of the app that Aviary keeps it for; the zero value of a table of somebody else's,
// and of none.
func (t *Table) Live(app string, keys convention.LabelKeys) convention.LiveTable {
	if t == nil || t.App != app {
		return convention.LiveTable{}
	}
	return convention.ReadLiveTable(t.Routes, t.WasPrimary, t.Follows, t.Labels[keys.APIGroup], keys)
}
