package storm

import (
	"cmp"
	"slices"
)

// Version is a Deployment in the oracle's model.
type Version struct {
	Deployment, Name, Role string
	Weight                 int
	Replicas, Available    int
	// Promoted and Created are times in RFC 3339, which order the versions.
	Promoted, Created string
}

// serves reports whether the version has an available Pod.
func (v *Version) serves() bool { return v != nil && v.Available > 0 }

// Table is a RouteTable with routes to the versions of an app.
type Table struct {
	Name      string
	Generated bool
	// Shares are the versions' parts of the main routes, those without headers.
	Shares map[string]int
	// Receives are the versions that get requests by any route.
	Receives []string
	// WasPrimary are the versions that were the primary, in order of time. Only generated tables
	// have it, and Follows, the roles and weights that the table was made of.
	WasPrimary []string
	Follows    string
}

// gives reports whether the version gets requests by any route.
func (t *Table) gives(version string) bool { return slices.Contains(t.Receives, version) }

// incumbent returns the name of the version that was the primary in effect last, or "".
func (t *Table) incumbent() string {
	if t == nil || len(t.WasPrimary) == 0 {
		return ""
	}
	return t.WasPrimary[len(t.WasPrimary)-1]
}

// World is the state of an app's namespace at one time.
type World struct {
	Versions []*Version // Sorted by Deployment.
	Tables   []*Table
	// Remembered is the generated table that was last, while there is none.
	Remembered *Table
}

// live returns the generated table, or nil.
func (w World) live() *Table {
	if i := slices.IndexFunc(w.Tables, func(t *Table) bool { return t.Generated }); i >= 0 {
		return w.Tables[i]
	}
	return nil
}

// record returns the generated table that has the record of primaries, or nil.
func (w World) record() *Table { return cmp.Or(w.live(), w.Remembered) }

// canaries returns the canaries and the sum of their weights.
func (w World) canaries() (out []*Version, sum int) {
	for _, v := range w.Versions {
		if v.Role == "canary" {
			out = append(out, v)
			sum += v.Weight
		}
	}
	return out, sum
}

// routed reports whether the roles and weights make routes.
func (w World) routed() bool {
	canaries, sum := w.canaries()
	return sum <= 100 && (w.declared() != nil || len(canaries) == 1 && sum == 100)
}

// version returns the version with a name, or nil.
func (w World) version(name string) *Version {
	for _, v := range w.Versions {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// deployed reports whether a Deployment of the version exists and isn't scaled to 0.
func (w World) deployed(name string) bool {
	v := w.version(name)
	return v != nil && v.Replicas > 0
}

// served reports whether any version has an available Pod.
func (w World) served() bool { return slices.ContainsFunc(w.Versions, (*Version).serves) }

// without returns the world after the removal of a version.
func (w World) without(name string) World {
	w.Versions = slices.DeleteFunc(slices.Clone(w.Versions), func(v *Version) bool { return v.Name == name })
	return w
}
