package fact

import "aviary.dev/route"

// Cost is what an object, or all of a namespace, costs those who judge others' objects.
type Cost struct {
	// Delegations are the routes that hand requests on: one for each namespace in which they look for tables.
	Delegations int
	// Matchers are those of all routes; a route without any counts as one.
	Matchers int
	// Regexes are the paths that are regular expressions.
	Regexes int
	// RegexBytes are those of all regular expressions.
	RegexBytes int
	// Bytes is about how much memory is kept for it.
	Bytes int
}

// Add returns the sum of both.
func (c Cost) Add(o Cost) Cost {
	return Cost{
		c.Delegations + o.Delegations, c.Matchers + o.Matchers, c.Regexes + o.Regexes, c.RegexBytes + o.RegexBytes,
		c.Bytes + o.Bytes,
	}
}

// Less returns what is left without the other.
func (c Cost) Less(o Cost) Cost {
	return Cost{
		c.Delegations - o.Delegations, c.Matchers - o.Matchers, c.Regexes - o.Regexes, c.RegexBytes - o.RegexBytes,
		c.Bytes - o.Bytes,
	}
}

// What is kept of a part of an object, with its place in the indexes, besides the texts in it.
const (
	objectBytes      = 1000
	routeBytes       = 250
	matcherBytes     = 250
	headerBytes      = 60
	destinationBytes = 80
	pairBytes        = 150 // of labels
	textBytes        = 150 // of a list of texts
)

// CostOf returns what a routing object costs; nothing for other objects, which no rule can refuse for their size.
func CostOf(f Fact) Cost {
	switch f := f.(type) {
	case *Table:
		if f != nil {
			return f.cost()
		}
	case *Backend:
		if f != nil {
			return f.cost()
		}
	}
	return Cost{}
}

func (t *Table) cost() Cost {
	out := Cost{Bytes: objectBytes + 2*pairs(t.Labels) + textBytes*(len(t.Unparsable)+len(t.Choices)+len(t.Ports))}
	for i := range t.Routes {
		out.route(&t.Routes[i])
	}
	if t.Parent != nil {
		out = out.Add(t.Parent.Cost())
	}
	if t.Entry != nil {
		out.Bytes += texts(t.Entry.Domains) + texts(t.Entry.Names)
	}
	return out
}

func (c *Cost) route(r *route.Route) {
	c.Matchers += max(1, len(r.Matchers))
	c.Bytes += routeBytes + len(r.Name) + len(r.Action) + destinationBytes*len(r.Destinations)
	for i := range r.Matchers {
		m := &r.Matchers[i]
		c.Bytes += matcherBytes + len(m.Path.Value) + texts(m.Methods)
		if m.Path.Kind == route.Regex {
			c.Regexes++
			c.RegexBytes += len(m.Path.Value)
		}
		c.conditions(m.Headers)
		c.conditions(m.Query)
	}
	var last *route.Backend // which neighbours share
	for i := range r.Destinations {
		if b := r.Destinations[i].Backend; b != nil && b != last {
			c.Bytes += len(b.Name) + len(b.Namespace) + pairs(b.Labels)
			last = b
		}
	}
}

func (c *Cost) conditions(list []route.Header) {
	for i := range list {
		c.Bytes += headerBytes + len(list[i].Name) + len(list[i].Value)
		if list[i].Regex {
			c.RegexBytes += len(list[i].Value)
		}
	}
}

func (b *Backend) cost() Cost {
	out := Cost{Bytes: objectBytes + pairs(b.Selector) + pairs(b.Default) + textBytes*(len(b.Unparsable)+len(b.Choices))}
	for _, keys := range b.SubsetKeys {
		out.Bytes += texts(keys)
	}
	return out
}

func pairs(m map[string]string) (n int) {
	for k, v := range m {
		n += pairBytes + len(k) + len(v)
	}
	return n
}

func texts(list []string) (n int) {
	for _, text := range list {
		n += textBytes + len(text)
	}
	return n
}
