package route

// Table is one object that routes.
type Table struct {
	ID
	Routes []Route
	// Order is the table's place among those of one parent, the lowest first; it is not traffic.
	Order int32
	// Choices are those where not exactly one alternative is set.
	Choices []Choice
}

// Route sends what one of its matchers fits to its destinations.
type Route struct {
	// Field is the route's path in its object, "spec.routes[1]".
	Field string
	Name  string
	// Matchers are alternatives; none means every request.
	Matchers []Matcher
	// Weighted: the destinations came as a weighted list, at DestinationsField.
	Weighted          bool
	DestinationsField string
	// Destinations are empty for a redirect, a direct response, a delegation.
	Destinations []Destination
	// Action is what the route does instead of sending to destinations that are known, as written: a redirect, a direct
	// response, a cluster named by a header.
	Action string
	// Delegates: it hands on to other tables.
	Delegates bool
	// InheritsPath and Inherits say whether a matcher takes its path, or its other conditions, from the parent's route.
	InheritsPath, Inherits Inherit
	// Group is set when the destinations stand in an object of their own.
	Group *Reference
	// Mirror gets a copy of the requests, and its answers are dropped; nil for none.
	Mirror *Reference
}

// Reference is an object that a route names beside its destinations, and where.
type Reference struct {
	Field string
	ID
}

// Destination is where a route sends requests.
type Destination struct {
	// Field is the destination's path in its object.
	Field string
	// Backend is nil where the destination names none. Nobody writes to it: destinations may share
	// one.
	Backend *Backend
	// Weight is zero for a single destination.
	Weight Weight
}

// Weight is a destination's part of the traffic, by the sum of all.
type Weight struct {
	// Value is what counts: where none is written, the one that the dialect then takes.
	Value   int64
	Written bool
}

// WeightOf returns a weight that is written.
func WeightOf(value int64) Weight { return Weight{value, true} }

// Inherit is whether conditions are taken from the parent's route.
type Inherit uint8

// The parent's own word holds where nothing is said, and a no where nobody says anything.
const (
	Unsaid Inherit = iota
	No
	Yes
)

// Or returns the parent's word where nothing is said.
func (i Inherit) Or(parent Inherit) Inherit {
	if i == Unsaid {
		return parent
	}
	return i
}

// Split reports whether the route is a version split: weighted destinations that share one backend,
// at least one of them with labels of a version.
func (r Route) Split() bool {
	if !r.Weighted || len(r.Destinations) == 0 {
		return false
	}
	versions := false
	for _, d := range r.Destinations {
		if !d.Backend.Known() || d.Backend.ID != r.Destinations[0].Backend.ID {
			return false
		}
		versions = versions || len(d.Backend.Labels) > 0
	}
	return versions
}

// Receives reports whether destination d of the route gets traffic: it is single, or its weight is
// above 0.
func (r Route) Receives(d Destination) bool { return !r.Weighted || d.Weight.Value > 0 }

// same reports whether the destinations get the same part of the traffic at the same place.
func (d Destination) same(o Destination) bool {
	return d.Weight == o.Weight && d.Backend.Equal(o.Backend)
}
