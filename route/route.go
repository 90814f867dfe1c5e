package route

import "maps"

// Ref names a namespaced object.
type Ref struct {
	Namespace, Name string
}

func (r Ref) String() string { return r.Namespace + "/" + r.Name }

// Less orders refs by namespace, then name.
func (r Ref) Less(o Ref) bool {
	if r.Namespace != o.Namespace {
		return r.Namespace < o.Namespace
	}
	return r.Name < o.Name
}

// Table is one object that routes.
type Table struct {
	Kind   string
	Ref    Ref
	Routes []Route
	// Delegates hand requests on to other tables.
	Delegates []Delegate
	// Order is the table's place among those of one selector, the lowest first; it is not traffic.
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
	// Group is set when the destinations stand in an object of their own (UpstreamGroup).
	Group *Ref
	// Shadow gets a copy of the traffic, whose answers are dropped; its name is empty for none.
	Shadow Ref
}

// Destination is where a route sends requests.
type Destination struct {
	// Field is the destination's path in its object.
	Field string
	// Upstream is empty if the destination is of another kind, see Other.
	Upstream Ref
	// Subset holds the labels that an endpoint must carry; nil names none.
	Subset map[string]string
	// Other is set where the destination is no upstream.
	Other *Other
	// Weight is nil where a weighted list leaves it out, and for a single destination.
	Weight *int64
}

// Other is a destination of another kind than an upstream: "kube", a Service itself, or "consul".
type Other struct {
	Kind string
	// Service is what kind kube sends to.
	Service Ref
}

// Split reports whether the route is a version split: weighted destinations that share one upstream, at least one of
// them with a subset.
func (r Route) Split() bool {
	if !r.Weighted || len(r.Destinations) == 0 {
		return false
	}
	subsets := false
	for _, d := range r.Destinations {
		if d.Upstream.Name == "" || d.Upstream != r.Destinations[0].Upstream {
			return false
		}
		subsets = subsets || len(d.Subset) > 0
	}
	return subsets
}

// Receives reports whether destination d of the route gets traffic: it is single, or its weight is above 0.
func (r Route) Receives(d Destination) bool {
	return !r.Weighted || (d.Weight != nil && *d.Weight > 0)
}

// same reports whether the destinations get the same part of the traffic at the same place.
func (d Destination) same(o Destination) bool {
	if d.Upstream != o.Upstream || (d.Other == nil) != (o.Other == nil) || d.Other != nil && *d.Other != *o.Other {
		return false
	}
	if (d.Weight == nil) != (o.Weight == nil) || d.Weight != nil && *d.Weight != *o.Weight {
		return false
	}
	return maps.Equal(d.Subset, o.Subset)
}
