package convention

import "time"

// settle is how long a canary that lost its traffic must be available before it gets it back.
const settle = 10 * time.Second

// Gate remembers, for one app, since when its canaries are available. The zero value is ready, as for a new leader.
type Gate struct {
	canaries map[string]*gated
}

type gated struct {
	since time.Time // zero while not available
	cut   bool      // the gate took its traffic away
}

// Weights returns the effective weight of each canary, and after how long to ask again (0: no
// need). Live are the weights that the table has now.
//
// A canary's weight is effective while it has an available replica. It falls to 0 at once when it
// has none and the primary has one; when both have none the route stays, since moving would help
// nobody. It comes back once the canary has been available for the time to settle.
func (g *Gate) Weights(a *App, live map[string]int, now time.Time) (map[string]int, time.Duration) {
	if g.canaries == nil {
		g.canaries = map[string]*gated{}
	}
	weights, again := map[string]int{}, time.Duration(0)
	for _, v := range a.With(Canary) {
		c := g.canaries[v.Name]
		if c == nil {
			was, routed := live[v.Name]
			c = &gated{cut: routed && was == 0 && v.Weight > 0}
			g.canaries[v.Name] = c
		}
		weight, wait := c.weight(v, a.primary, live[v.Name], now)
		weights[v.Name] = weight
		if wait > 0 && (again == 0 || wait < again) {
			again = wait
		}
	}
	for name := range g.canaries {
		if _, ok := weights[name]; !ok {
			delete(g.canaries, name)
		}
	}
	return weights, again
}

// InEffect returns the weights that count when it is asked who carries traffic: declared, and available now.
func (a *App) InEffect() map[string]int {
	weights := map[string]int{}
	for _, v := range a.With(Canary) {
		if weights[v.Name] = v.Weight; !v.Serves() && !v.Ungated && a.primary != nil && a.primary.Serves() {
			weights[v.Name] = 0
		}
	}
	return weights
}

func (c *gated) weight(v, primary *Version, live int, now time.Time) (int, time.Duration) {
	if v.Ungated {
		return v.Weight, 0
	}
	if !v.Serves() {
		c.since = time.Time{}
		if primary != nil && !primary.Serves() {
			return min(v.Weight, live), 0
		}
		c.cut = c.cut || live > 0
		return 0, 0
	}
	if c.since.IsZero() {
		c.since = now
	}
	if wait := c.since.Add(settle).Sub(now); c.cut && wait > 0 {
		return 0, wait
	}
	c.cut = false
	return v.Weight, 0
}
