package convention

import (
	"slices"

	"aviary.dev/route"
)

// State says what can be made of an app's roles and weights.
type State string

// The states: Routed has a primary or one canary at 100; Unrouted has nobody to route to; Retired is going
// and routes no more; Invalid has canaries without a primary, weights above 100 in sum, or a value that can't be read.
const (
	Routed   State = "routed"
	Unrouted State = "unrouted"
	Retired  State = "retired"
	Invalid  State = "invalid"
)

// Plan is what should stand beside an app.
type Plan struct {
	State State
	// Service is nil if no target port can be told, or if the app uses one of somebody else's.
	Service *Service
	// Backends are the app's and, where it has a shadow version, one of that version's pods alone.
	Backends []Backend
	// Used are the kinds of siblings that are somebody else's, in lower case, sorted.
	Used []string
	// Routes is the table's content; empty unless Routed. Their backends have no kind: it is for
	// the dialect to say.
	Routes []route.Route
	// Shares are the parts of the main routes, in percent, the primary first.
	Shares   []Share
	APIGroup string
	// TakingOver is declared primary and waits for its hand-over; nil for none. Superseded are versions that say
	// primary while another one is it.
	TakingOver *Version
	Superseded []*Version
}

// Service is the app's Service.
type Service struct {
	Name       string
	Port       int32
	TargetPort string
	Selector   map[string]string
}

// Backend takes the endpoints of a Service, or some of them.
type Backend struct {
	Name, Service string
	Port          int32
	Selector      map[string]string
	// SubsetKeys are the label keys by which destinations pick endpoints.
	SubsetKeys []string
	// Fallback is what becomes of requests for labels that no endpoint has.
	Fallback Fallback
}

// Share is a version's part of the main routes.
type Share struct {
	Version *Version
	Percent int
}

// Of returns the version's share, in percent.
func (p Plan) Of(version string) int { return Of(p.Shares, version) }

// Of returns the version's share among these, in percent.
func Of(shares []Share, version string) int {
	for _, s := range shares {
		if s.Version.Name == version {
			return s.Percent
		}
	}
	return 0
}

// State tells whether the declared roles and weights make a plan.
func (a *App) State() State {
	canaries := a.With(Canary)
	sum := 0
	for _, v := range canaries {
		sum += v.Weight
	}
	switch {
	case a.Retiring():
		return Retired
	case slices.ContainsFunc(a.Versions, func(v *Version) bool { return v.Unreadable }), sum > 100:
		return Invalid
	case a.primary != nil:
		return Routed
	case len(canaries) == 0:
		return Unrouted
	case len(canaries) == 1 && sum == 100:
		return Routed
	}
	return Invalid
}

// Plan makes the plan with effective weights by version name, or with the declared ones if that is nil.
func (a *App) Plan(effective map[string]int) Plan {
	p := Plan{State: a.State(), APIGroup: a.APIGroup()}
	if len(a.Versions) == 0 {
		return p
	}
	p.endpoints(a)
	if p.State != Routed {
		return p
	}
	p.Shares = a.shares(effective)
	p.Routes = a.routes(p.Shares)
	p.TakingOver, p.Superseded = a.heir, a.With(Superseded)
	return p
}

// Traffic is what Plan says of who gets what: its State and Shares.
func (a *App) Traffic(effective map[string]int) Plan {
	p := Plan{State: a.State()}
	if p.State == Routed {
		p.Shares = a.shares(effective)
	}
	return p
}

// Fallback is the plan for an app whose state is Invalid and whose route names versions that are gone: all traffic to
// the available version with the highest weight, then the oldest; to one that can't be read only if there is no other.
func (a *App) Fallback() Plan {
	p := Plan{State: Invalid, APIGroup: a.APIGroup()}
	p.endpoints(a)
	best := slices.SortedFunc(slices.Values(a.Versions), func(x, y *Version) int {
		switch {
		case x.Serves() != y.Serves():
			return preferIf(x.Serves())
		case x.Unreadable != y.Unreadable:
			return preferIf(y.Unreadable)
		case x.Weight != y.Weight:
			return y.Weight - x.Weight
		}
		return x.compareAge(y)
	})
	if len(best) > 0 {
		p.Shares = []Share{{best[0], 100}}
		p.Routes = a.mainRoutes(nil, p.Shares)
	}
	return p
}

func (p *Plan) endpoints(a *App) {
	selector := map[string]string{a.settings.Keys.App: a.Name}
	p.Used = a.used()
	if target := a.TargetPort(); target != "" && !a.Uses(UseService) {
		p.Service = &Service{Name: ServiceName(a.Name), Port: a.Port(), TargetPort: target, Selector: selector}
	}
	p.Backends = []Backend{{
		Name: BackendName(a.Name), Service: ServiceName(a.Name), Port: a.Port(), Selector: selector,
		SubsetKeys: []string{a.settings.Keys.Version}, Fallback: a.settings.Fallback,
	}}
	if s := a.shadow(); s != nil {
		p.Backends = append(p.Backends, Backend{
			Name: shadowName(a.Name, s.Name), Service: ServiceName(a.Name), Port: a.Port(),
			Selector: map[string]string{a.settings.Keys.App: a.Name, a.settings.Keys.Version: s.Name},
		})
	}
}

// Declared returns the parts of the main routes as the weights say; none where they make no plan.
func (a *App) Declared() []Share { return a.Traffic(nil).Shares }

// shares returns the primary what the others leave; a sole canary without a primary has all. While the declared
// primary waits to take over it keeps what it has, but as a canary would: nothing while only the other is available.
func (a *App) shares(effective map[string]int) []Share {
	canaries := a.With(Canary)
	if a.primary == nil {
		return []Share{{canaries[0], 100}}
	}
	shares := []Share{{a.primary, 100}}
	add := func(v *Version, percent int) {
		percent = min(percent, shares[0].Percent)
		shares[0].Percent -= percent
		shares = append(shares, Share{v, percent})
	}
	for _, v := range canaries {
		w := v.Weight
		if effective != nil {
			w = effective[v.Name]
		}
		add(v, w)
	}
	if h := a.heir; h != nil && a.live.Shares[h.Name] > 0 && (h.Serves() || !a.primary.Serves()) {
		add(h, a.live.Shares[h.Name])
	}
	return shares
}
