package route

import (
	"slices"
	"strings"
)

// Delegate hands requests on to other tables: to one, or to all that a selector picks.
type Delegate struct {
	Field string
	// To is set for one table.
	To *Ref
	// Selects reports whether the selector picks a table with these labels; nil without a selector.
	Selects func(namespace string, labels map[string]string) bool
	// LooksInto reports whether the selector picks tables of a namespace; nil without a selector.
	LooksInto func(namespace string) bool
	// Wants is what the selector asks for, in words.
	Wants string
	// Matchers are those of the route that delegates; none means every request.
	Matchers []Matcher
	// InheritsPath and Inherits hold for the routes of the tables below that say nothing.
	InheritsPath, Inherits Inherit
}

// Inherit is whether conditions are taken from the parent's route.
type Inherit uint8

// The parent's own word holds where nothing is said, and a no where nobody says anything.
const (
	Unsaid Inherit = iota
	No
	Yes
)

// Or gives the parent's word where nothing is said.
func (i Inherit) Or(parent Inherit) Inherit {
	if i == Unsaid {
		return parent
	}
	return i
}

// Picks reports whether the delegation leads to a table.
func (d *Delegate) Picks(table Ref, labels map[string]string) bool {
	return d.To != nil && *d.To == table || d.Selects != nil && d.Selects(table.Namespace, labels)
}

// Admits reports whether a route of a table below may have the matcher. Gloo compares the text of paths and drops a route
// that isn't admitted (gloo-api §6.1).
func (d *Delegate) Admits(r Route, m Matcher) bool {
	return slices.ContainsFunc((Route{Matchers: d.Matchers}).Alternatives(), func(p Matcher) bool {
		path := r.InheritsPath.Or(d.InheritsPath) == Yes ||
			p.CaseInsensitive == m.CaseInsensitive && m.Path.Kind != NoPath && strings.HasPrefix(m.Path.Value, prefix(p))
		rest := r.Inherits.Or(d.Inherits) == Yes ||
			contains(m.Headers, p.Headers) && contains(m.Query, p.Query) && contains(m.Methods, p.Methods)
		return path && rest
	})
}

// prefix is what the paths below must begin with; a matcher without a path stands for /.
func prefix(p Matcher) string {
	if p.Path.Kind == NoPath {
		return "/"
	}
	return p.Path.Value
}

func contains[T comparable](have, want []T) bool {
	return !slices.ContainsFunc(want, func(w T) bool { return !slices.Contains(have, w) })
}
