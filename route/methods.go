package route

import (
	"slices"
	"strings"
)

// A matcher's methods are read as one regular expression, joined by |, that has to fit the whole method. Nearly all are
// words, which are compared as text.

// Plain reports whether the text is no regular expression but a word, which fits itself alone.
func Plain(text string) bool { return text != "" && !strings.ContainsAny(text, `\.+*?()|[]{}^$`) }

func words(methods []string) bool {
	return !slices.ContainsFunc(methods, func(s string) bool { return !Plain(s) })
}

// meetsMethods reports whether a request may have a method that both take. Of two expressions it is not known, so it
// may.
func (m Matcher) meetsMethods(o Matcher) bool {
	in := func(s string) bool { return slices.Contains(o.Methods, s) }
	if len(m.Methods) == 0 || len(o.Methods) == 0 || slices.ContainsFunc(m.Methods, in) {
		return true
	}
	switch mine, theirs := words(m.Methods), words(o.Methods); {
	case mine && theirs:
		return false
	case mine:
		return o.mayTake(m.Methods)
	case theirs:
		return m.mayTake(o.Methods)
	}
	return true
}

// mayTake reports whether the methods' expression fits one of the words, or can't be tried on them.
func (m Matcher) mayTake(words []string) bool {
	r := m.method()
	return !r.affords(words) || slices.ContainsFunc(words, r.MatchString)
}

// coversMethods is part of Covers, so what can't be tried is not covered.
func (m Matcher) coversMethods(o Matcher) bool {
	switch {
	case len(m.Methods) == 0, slices.Equal(m.Methods, o.Methods):
		return true
	case len(o.Methods) == 0:
		return false
	case words(m.Methods):
		return !slices.ContainsFunc(o.Methods, func(s string) bool { return !slices.Contains(m.Methods, s) })
	case !words(o.Methods):
		return false
	}
	r := m.method()
	return r.affords(o.Methods) && !slices.ContainsFunc(o.Methods, func(s string) bool { return !r.MatchString(s) })
}

// methodsAmong are the matcher's methods with those of the asked words that their expression fits.
func (m Matcher) methodsAmong(asked []string) []string {
	out := m.Methods
	if words(out) {
		return out
	}
	for r, n := m.method(), 0; n < len(asked) && r.affords(asked); n++ {
		if Plain(asked[n]) && r.MatchString(asked[n]) {
			out = append(slices.Clip(out), asked[n])
		}
	}
	return out
}

// method is the methods' expression; nil if it is none, or too long.
func (m Matcher) method() *expression { return pattern(strings.Join(m.Methods, "|")) }

// affords reports whether the expression can be tried on all of the words.
func (r *expression) affords(words []string) bool {
	if r == nil {
		return false
	}
	length := 0
	for _, word := range words {
		length += len(word)
	}
	return r.size*length <= maxMatch
}
