package convention

import (
	"fmt"
	"slices"
	"strings"

	"aviary.dev/route"
)

// LiveTable is what an app's table says, as Aviary last wrote it or as somebody changed it since. The zero value is
// that of an app without one.
type LiveTable struct {
	// Exists: there is a table that Aviary keeps for the app. Without one the rest is what was last written, if that is
	// known.
	Exists bool
	Record Record
	// Follows is what the table was made of, see [App.Follows]; empty of a table by an Aviary that did not say it.
	Follows string
	// APIGroup is the label by which parents select it; empty for none.
	APIGroup string
	// Shares are the versions' parts of the main routes, in percent: the largest of several routes.
	Shares map[string]int
	// Named are the versions that any of the routes names.
	Named map[string]bool
}

// old reports whether the table is of an Aviary that did not say what it follows. Its record, too, has another form:
// it is sorted by name and has digests of whole templates.
func (l LiveTable) old() bool { return l.Exists && l.Follows == "" }

// Gives reports whether any route sends requests to the version: by its share or by a header.
func (l LiveTable) Gives(version string) bool { return l.Named[version] }

// ReadLiveTable reads the routes of a table that Aviary keeps, or of a plan, beside what its metadata say.
func ReadLiveTable(routes []route.Route, wasPrimary, follows, group string, keys LabelKeys) LiveTable {
	out := LiveTable{
		Exists: true, Record: parseRecord(wasPrimary), Follows: follows, APIGroup: group,
		Shares: map[string]int{}, Named: map[string]bool{},
	}
	for i := range routes {
		out.read(&routes[i], keys)
	}
	return out
}

func (l *LiveTable) read(r *route.Route, keys LabelKeys) {
	main := slices.ContainsFunc(r.Matchers, func(m route.Matcher) bool { return len(m.Headers) == 0 })
	whole := int64(100)
	if r.Weighted {
		whole = 0
		for _, d := range r.Destinations {
			whole += d.Weight.Value
		}
	}
	for _, d := range r.Destinations {
		if d.Backend == nil || d.Backend.Labels[keys.Version] == "" {
			continue
		}
		version, part := d.Backend.Labels[keys.Version], whole
		if r.Weighted {
			part = d.Weight.Value
		}
		if part > 0 {
			l.Named[version] = true
		}
		if main && whole > 0 {
			percent := int(part * 100 / whole)
			l.Shares[version] = max(l.Shares[version], percent)
		}
	}
}

// Follows says of what a plan is made: the roles and weights, as they are declared and count in the app. The table
// carries it, so that everybody can see whether it lags behind: "v1 primary, v2 canary 10".
func (a *App) Follows() string {
	parts := make([]string, 0, len(a.Versions))
	for _, v := range a.Versions {
		text := v.Name + " " + string(a.Role(v))
		if a.Role(v) == Canary {
			text = fmt.Sprintf("%s %d", text, v.Weight)
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, ", ")
}

// InStep reports whether the app's table was made of what its versions say. One that does not tell counts as such.
func (a *App) InStep() bool { return a.live.Follows == "" || a.live.Follows == a.Follows() }

// Followed is what the app's table would say if it followed what the versions say, and every version that is available
// had been so for long enough.
func (a *App) Followed() LiveTable {
	asleep := *a
	asleep.awake = false
	now := asleep.HandedOver(func(*Version) bool { return true })
	plan := now.Plan(now.InEffect())
	return ReadLiveTable(plan.Routes, now.Record(plan).String(), a.Follows(), a.live.APIGroup, a.Keys())
}

// Live is what the app's table says.
func (a *App) Live() LiveTable { return a.live }
