package fact

import "aviary.dev/convention"

// Live returns what the table says of an app with these versions that Aviary keeps it for; the zero value of a table of
// somebody else's, and of none.
func (t *Table) Live(app string, versions []*Workload, keys convention.LabelKeys) convention.LiveTable {
	if t == nil || !t.KeptFor(app, versions) {
		return convention.LiveTable{}
	}
	return convention.ReadLiveTable(t.Routes, t.WasPrimary, t.Follows, t.Labels[keys.APIGroup], keys)
}
