package route

import "strings"

// Semantics is what dialects differ in: how they compare matchers, and which of several routes gets
// a request.
type Semantics interface {
	// Covers reports whether every request that o fits, m fits too; false where that can't be
	// proved. In a large table it is asked only where the path of m is a part of that of o from its
	// start on, apart from case and slashes at the end, or what a regular expression begins with is.
	Covers(m, o Matcher) bool
	// Relate reports how the path of m stands to that of o, whatever their other conditions are.
	Relate(m, o Matcher) Relation
	// First reports whether, of two routes of one table that both fit a request, a gets it.
	First(a, b Candidate) bool
	// Sorts reports whether a route may come before one that stands earlier; else none is asked whether it does.
	Sorts() bool
	// NeedsPath reports whether a route is dropped that has a matcher without a path.
	NeedsPath() bool
	// Cuts reports whether a weighted list ends at the first destination with labels that its backend can't pick.
	Cuts() bool
}

// Candidate is one of the routes of a table that fit a request: its place in the list, and the
// matcher that fits.
type Candidate struct {
	Index   int
	Matcher *Matcher
}

// Relation is how one path stands to another.
type Relation uint8

// The relations.
const (
	Apart       Relation = iota
	Same                 // it is the same path, be it exact or a prefix
	Beneath              // it lies beneath the other by segment, which is not /
	Above                // the other lies beneath it, which may be /
	Begins               // what the other fits begins with its text, but not by segment
	Fits                 // it is a regular expression that fits the other
	FitsBeneath          // it is a regular expression that fits some path beneath the other, a prefix that is not /
	Fitted               // the other is a regular expression that fits it, though not /
	Undecided            // both are regular expressions, and some path may fit both
)

// AsWritten is Envoy's own semantics: prefixes are compared as text, and the first route that fits
// gets the request.
type AsWritten struct{}

// Covers implements Semantics.
func (AsWritten) Covers(m, o Matcher) bool { return m.Covers(o) }

// Relate implements Semantics.
func (AsWritten) Relate(m, o Matcher) Relation {
	switch {
	case m.samePath(o):
		return Same
	case m.Path.Kind == Regex || o.Path.Kind == Regex:
		return m.relateRegex(o)
	case m.beneath(o):
		return Beneath
	case o.under(m):
		return Above
	case m.Path.Kind == Prefix && begins(o.Path.Value, m.Path.Value, m.CaseInsensitive || o.CaseInsensitive):
		return Begins
	}
	return Apart
}

// begins reports whether the text begins with the other one.
func begins(text, with string, anyCase bool) bool {
	return len(text) >= len(with) && (text[:len(with)] == with || anyCase && strings.EqualFold(text[:len(with)], with))
}

// First implements Semantics.
func (AsWritten) First(a, b Candidate) bool { return a.Index < b.Index }

// Sorts implements Semantics.
func (AsWritten) Sorts() bool { return false }

// NeedsPath implements Semantics.
func (AsWritten) NeedsPath() bool { return false }

// Cuts implements Semantics.
func (AsWritten) Cuts() bool { return false }
