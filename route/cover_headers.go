package route

import (
	"iter"
	"slices"
	"strings"
)

// value is what a request may have for one header: none, one that a condition names, or any other.
type value struct {
	absent bool
	text   string // empty for any other
	fits   []string
}

// meets reports whether the condition holds of a value.
func (h Header) meets(v value) bool {
	switch {
	case h.Value == "":
		return v.absent == h.Invert
	case v.absent:
		return false
	case !h.Regex:
		return (v.text == h.Value) != h.Invert
	case v.text == "" || h.Value == ".*" || h.Value == ".+":
		return (h.Value == ".*" || h.Value == ".+" || slices.Contains(v.fits, h.Value)) != h.Invert
	}
	r := pattern(h.Value)
	return (r != nil && r.MatchString(v.text)) != h.Invert
}

// maxStates bounds how many combinations of headers' values are tried; those in which others are absent come first.
const maxStates = 64

// states yields combinations of values, by the headers' names in lower case: with all that conditions tell apart. The
// first of the lists varies first.
func states(conditions ...[]Header) iter.Seq[map[string]value] {
	var names []string
	values := map[string][]value{}
	for _, h := range slices.Concat(conditions...) {
		name := strings.ToLower(h.Name)
		if _, known := values[name]; !known {
			names, values[name] = append(names, name), []value{{absent: true}, {}}
		}
		values[name] = told(values[name], h)
	}
	return func(yield func(map[string]value) bool) {
		for n := range maxStates {
			state, rest := map[string]value{}, n
			for _, name := range names {
				state[name], rest = values[name][rest%len(values[name])], rest/len(values[name])
			}
			if rest > 0 || !yield(state) {
				return
			}
		}
	}
}

// told adds the values that a condition tells apart. What a regular expression fits is an other value, and so is what
// it fits together with each that was there before.
func told(values []value, h Header) []value {
	known := func(v value) bool { return v.text == h.Value || slices.Contains(v.fits, h.Value) }
	if h.Value == "" || len(values) >= maxStates || slices.ContainsFunc(values, known) {
		return values
	}
	if !h.Regex {
		return append(values, value{text: h.Value})
	}
	for _, v := range slices.Clone(values) {
		if !v.absent && v.text == "" {
			values = append(values, value{fits: append(slices.Clone(v.fits), h.Value)})
		}
	}
	return values
}

// fit reports whether all conditions hold of the values.
func fit(headers []Header, state map[string]value) bool {
	return !slices.ContainsFunc(headers, func(h Header) bool { return !h.meets(state[strings.ToLower(h.Name)]) })
}
