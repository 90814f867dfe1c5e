package dialect

import "aviary.dev/route"

// What a part of a table takes at most in JSON, besides the texts in it: field names, braces,
// numbers.
const (
	routeBytes       = 512
	destinationBytes = 256
	matcherBytes     = 128
	headerBytes      = 64
)

// AtMost returns how many bytes planned routes take in JSON at most, in any dialect. It is far
// cheaper than to write them.
func AtMost(routes []route.Route) (n int) {
	for i := range routes {
		r := &routes[i]
		n += routeBytes
		if m := r.Mirror; m != nil {
			n += quoted(m.Namespace) + quoted(m.Name)
		}
		for k := range r.Matchers {
			n += matcherBytes + quoted(r.Matchers[k].Path.Value)
			for _, h := range r.Matchers[k].Headers {
				n += headerBytes + quoted(h.Name) + quoted(h.Value)
			}
		}
		for k := range r.Destinations {
			n += destinationBytes
			if b := r.Destinations[k].Backend; b != nil {
				n += quoted(b.Namespace) + quoted(b.Name) + labelBytes(b.Labels)
			}
		}
	}
	return n
}

func labelBytes(labels map[string]string) (n int) {
	for k, v := range labels {
		n += headerBytes + quoted(k) + quoted(v)
	}
	return n
}

// quoted returns the length of a text in JSON, where a byte is escaped with six at most.
func quoted(text string) int {
	n := len(text) + len(`""`)
	for i := range len(text) {
		if b := text[i]; b < ' ' || b >= 0x7f || b == '"' || b == '\\' || b == '<' || b == '>' || b == '&' {
			n += 5
		}
	}
	return n
}
