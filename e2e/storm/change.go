package storm

import (
	"cmp"
	"slices"
)

// Change is what a request does to one object. A Deployment without After and Edit is deleted.
type Change struct {
	Deployment string `json:",omitempty"`
	// After is the version that a CREATE adds; Edit is what an UPDATE changes.
	After *Version `json:",omitempty"`
	Edit  *Edit    `json:",omitempty"`
	// Table is the RouteTable that the request writes.
	Table *Table `json:",omitempty"`
	// Sum is the sum of the weights of a hand-made route; 0 if it has none.
	Sum int `json:",omitempty"`
}

// Edit is what an UPDATE changes; what it leaves out stays.
type Edit struct {
	Role     string `json:",omitempty"`
	Weight   *int   `json:",omitempty"`
	Replicas *int   `json:",omitempty"`
}

// now is later than any stamp and any creation.
const now = "now"

// apply returns the version after the edit. A role that becomes primary is stamped.
func (e Edit) apply(v Version) *Version {
	if e.Role == "primary" && v.Role != "primary" {
		v.Promoted = now
	}
	v.Role = cmp.Or(e.Role, v.Role)
	if e.Weight != nil {
		v.Weight = *e.Weight
	}
	if e.Replicas != nil {
		v.Replicas = *e.Replicas
		v.Available = min(v.Available, v.Replicas)
	}
	return &v
}

// removes reports whether the change takes a version away.
func (c Change) removes() bool {
	return c.Table == nil && c.After == nil &&
		(c.Edit == nil || c.Edit.Replicas != nil && *c.Edit.Replicas == 0)
}

// apply returns the world after the change, or false if the change is impossible in this world.
func (c Change) apply(w World) (World, bool) {
	i := slices.IndexFunc(w.Versions, func(v *Version) bool { return v.Deployment == c.Deployment })
	out := w
	out.Versions = slices.Clone(w.Versions)
	switch {
	case c.After != nil && i >= 0:
		return w, false
	case c.After != nil:
		out.Versions = append(out.Versions, w.created(*c.After))
	case i < 0:
		return w, false
	case c.Edit != nil:
		out.Versions[i] = c.Edit.apply(*w.Versions[i])
	default:
		out.Versions = slices.Delete(out.Versions, i, i+1)
	}
	return out, true
}

// created returns a version as it is when it was created. A former primary beside an available
// version that says primary has no stamp, so that it is superseded.
func (w World) created(v Version) *Version {
	v.Created = now
	superseded := w.recorded(v.Name) && slices.ContainsFunc(w.Versions, func(o *Version) bool {
		return o.Role == "primary" && o.serves()
	})
	if v.Role == "primary" && !superseded {
		v.Promoted = now
	}
	return &v
}
