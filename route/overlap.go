package route

import (
	"slices"
	"strings"
)

// Key is the path's text without regard to case and a slash at its end, by which tables with the
// same path are found. It is empty for no path and for CONNECT.
func (p Path) Key() string {
	switch p.Kind {
	case NoPath, Connect:
		return ""
	case Regex:
		return "~" + p.Value
	case Exact, Prefix:
	}
	if trimmed := strings.TrimRight(p.Value, "/"); trimmed != "" {
		return strings.ToLower(trimmed)
	}
	return "/"
}

// Above returns the keys of the paths that lie above by segment, the nearest first and without /.
func (p Path) Above() []string {
	if p.Kind != Exact && p.Kind != Prefix {
		return nil
	}
	var out []string
	key := p.Key()
	for i := strings.LastIndexByte(key, '/'); i > 0; i = strings.LastIndexByte(key[:i], '/') {
		out = append(out, key[:i])
	}
	return out
}

// RestKeys are those of the paths that may fit all that the path does, or a part of it: the key of each thing that it
// can be taken apart into, those above, and of regular expressions.
func (p Path) RestKeys() []string {
	out := []string{p.Key(), "/", anyPattern}
	for _, part := range p.parts() {
		begins := Path{Kind: Exact, Value: part.Folded()}
		out = append(append(append(out, begins.Key()), begins.Above()...), begins.PatternKeys()...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// samePath reports whether the matchers have the same path, be it exact or a prefix.
func (m Matcher) samePath(o Matcher) bool {
	key := m.Path.Key()
	if key == "" || key != o.Path.Key() || (m.Path.Kind == Regex) != (o.Path.Kind == Regex) {
		return false
	}
	return m.CaseInsensitive || o.CaseInsensitive ||
		strings.TrimRight(m.Path.Value, "/") == strings.TrimRight(o.Path.Value, "/")
}

// beneath reports whether m's path lies beneath o's by segment: /echo/x beneath the prefix /echo, and /echoes not.
// Everything lies beneath /, so nothing counts as that.
func (m Matcher) beneath(o Matcher) bool {
	return o.Path.Key() != "/" && m.under(o)
}

// under is beneath with / as a path like any other.
func (m Matcher) under(o Matcher) bool {
	if o.Path.Kind != Prefix || m.Path.Kind != Exact && m.Path.Kind != Prefix {
		return false
	}
	is, above := strings.TrimRight(m.Path.Value, "/"), strings.TrimRight(o.Path.Value, "/")+"/"
	if m.CaseInsensitive || o.CaseInsensitive {
		is, above = strings.ToLower(is), strings.ToLower(above)
	}
	return strings.HasPrefix(is, above)
}

// Compatible reports whether a request may fulfil the conditions of both but for the path: their methods meet, and no
// header or query parameter of one rules out that of the other.
func (m Matcher) Compatible(o Matcher) bool {
	return m.meetsMethods(o) && !excluded(m.Headers, o.Headers, true) && !excluded(m.Query, o.Query, false)
}

func excluded(a, b []Header, foldNames bool) bool {
	for _, x := range a {
		for _, y := range b {
			if (x.Name == y.Name || foldNames && strings.EqualFold(x.Name, y.Name)) && x.excludes(y) {
				return true
			}
		}
	}
	return false
}

func (h Header) excludes(o Header) bool {
	switch {
	case h.absent() || o.absent():
		return !h.absent() || !o.absent()
	case h.Invert != o.Invert:
		return h.Value == o.Value && h.Regex == o.Regex
	case h.Invert || h.Regex || o.Regex:
		return false
	}
	return h.Value != "" && o.Value != "" && h.Value != o.Value
}
