package convention

import (
	"cmp"
	"time"
)

// settle is how long a version must be available before it gets traffic that it lost, or takes over from another one.
const settle = 10 * time.Second

// Gate remembers, for one app, since when its versions are available. The zero value is ready, as for a new leader.
type Gate struct {
	// since has the versions that are available.
	since map[string]available
	// cut has, of each canary, whether the gate took its traffic away.
	cut map[string]bool
}

// available is since when a version is available with the pod template that it has. With another one it waits anew: a
// Deployment may still count Pods that its strategy Recreate takes away at once.
type available struct {
	since    time.Time
	template string
}

// HandOver returns the app as its routes should be now, see [App.HandedOver], and after how long to ask again (0: no
// need).
func (g *Gate) HandOver(a *App, now time.Time) (*App, time.Duration) {
	g.observe(a, now)
	out := a.HandedOver(func(v *Version) bool { return g.wait(v, now) <= 0 })
	if heir := out.heir; heir != nil && heir.Serves() {
		return out, g.wait(heir, now)
	}
	return out, 0
}

// Weights returns the effective weight of each canary, and after how long to ask again (0: no need). Live are the
// shares that the table gives now.
//
// A canary's weight is effective while it has an available replica. It falls to 0 at once when it has none and the
// primary has one; when both have none the route stays, since moving would help nobody. It comes back once the canary
// has been available for the time to settle, or at once while the primary has no available replica.
func (g *Gate) Weights(a *App, live map[string]int, now time.Time) (map[string]int, time.Duration) {
	g.observe(a, now)
	weights, again := map[string]int{}, time.Duration(0)
	for _, v := range a.With(Canary) {
		if _, known := g.cut[v.Name]; !known {
			was, routed := live[v.Name]
			g.cut[v.Name] = routed && was == 0 && v.Weight > 0
		}
		weight, wait := g.weight(v, a.primary, live[v.Name], now)
		weights[v.Name] = weight
		if wait > 0 {
			again = min(wait, cmp.Or(again, wait))
		}
	}
	for name := range g.cut {
		if _, ok := weights[name]; !ok {
			delete(g.cut, name)
		}
	}
	return weights, again
}

// observe notes which versions are available.
func (g *Gate) observe(a *App, now time.Time) {
	if g.since == nil {
		g.since, g.cut = map[string]available{}, map[string]bool{}
	}
	for _, v := range a.Versions {
		if was, known := g.since[v.Name]; v.Serves() && (!known || was.template != v.exactTemplate()) {
			g.since[v.Name] = available{now, v.exactTemplate()}
		}
	}
	for name := range g.since {
		if v := a.Version(name); v == nil || !v.Serves() {
			delete(g.since, name)
		}
	}
}

// wait is how much of the time to settle is left for a version that is available.
func (g *Gate) wait(v *Version, now time.Time) time.Duration {
	return g.since[v.Name].since.Add(settle).Sub(now)
}

func (g *Gate) weight(v, primary *Version, live int, now time.Time) (int, time.Duration) {
	switch {
	case v.Ungated:
		return v.Weight, 0
	case primary != nil && !primary.Serves():
		if v.Serves() { // What it would leave would go to nobody.
			return v.Weight, 0
		}
		return min(v.Weight, live), 0
	case !v.Serves():
		g.cut[v.Name] = g.cut[v.Name] || live > 0
		return 0, 0
	}
	if wait := g.wait(v, now); g.cut[v.Name] && wait > 0 {
		return 0, wait
	}
	g.cut[v.Name] = false
	return v.Weight, 0
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
