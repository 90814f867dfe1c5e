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
func (v *Version) serves() bool { return v.Available > 0 }

// Table is a RouteTable with routes to the versions of an app.
type Table struct {
	Name      string
	Generated bool
	// Weighted are the weights of the main route, if it has any.
	Weighted map[string]int
	// Receives are the versions that get requests by any route.
	Receives []string
	// WasPrimary are the versions that were the primary before. Only generated tables have it.
	WasPrimary []string
}

// World is the state of an app's namespace at one time.
type World struct {
	Versions []*Version // Sorted by Deployment.
	Tables   []*Table
}

// primary returns the version that was promoted last or, if none has the role, the oldest one
// without a role.
func (w World) primary() (p *Version) {
	for _, v := range w.Versions {
		if v.Role == "primary" && (p == nil || cmp.Or(
			cmp.Compare(v.Promoted, p.Promoted), cmp.Compare(v.Created, p.Created),
			cmp.Compare(v.Deployment, p.Deployment)) > 0) {
			p = v
		}
	}
	if p != nil {
		return p
	}
	for _, v := range w.Versions {
		if v.Role == "" && (p == nil || cmp.Or(
			cmp.Compare(v.Created, p.Created), cmp.Compare(v.Deployment, p.Deployment)) < 0) {
			p = v
		}
	}
	return p
}

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

// state returns what the roles and weights mean: routed, unrouted or invalid.
func (w World) state() string {
	canaries, sum := w.canaries()
	switch {
	case sum > 100:
		return "invalid"
	case w.primary() != nil:
		return "routed"
	case len(canaries) == 0:
		return "unrouted"
	case len(canaries) == 1 && sum == 100:
		return "routed"
	}
	return "invalid"
}

// shares returns the weights of the main route, as declared or as in effect: while the primary has
// an available Pod, a canary without one gets no share.
func (w World) shares(inEffect bool) map[string]int {
	if w.state() != "routed" {
		return nil
	}
	canaries, _ := w.canaries()
	p := w.primary()
	if p == nil {
		return map[string]int{canaries[0].Name: 100}
	}
	out := map[string]int{p.Name: 100}
	for _, v := range canaries {
		weight := v.Weight
		if inEffect && !v.serves() && p.serves() {
			weight = 0
		}
		out[v.Name] = weight
		out[p.Name] -= weight
	}
	return out
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

// wasPrimary reports whether a generated table records that the version was the primary.
func (w World) wasPrimary(name string) bool {
	return slices.ContainsFunc(w.Tables, func(t *Table) bool {
		return t.Generated && slices.Contains(t.WasPrimary, name)
	})
}

// generated reports whether there is a generated table.
func (w World) generated() bool {
	return slices.ContainsFunc(w.Tables, func(t *Table) bool { return t.Generated })
}
