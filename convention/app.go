package convention

import (
	"cmp"
	"slices"
	"strconv"

	"aviary.dev/route"
)

// Settings are the parts of the configuration that the convention needs.
type Settings struct {
	Keys LabelKeys
	// APIGroup and CanaryHeaders are used where neither the app nor its Namespace says anything.
	APIGroup      string
	CanaryHeaders []route.Header
	// Port is the Service's port where the app names none.
	Port int32
	// Fallback holds for the backends of all apps.
	Fallback Fallback
}

// Fallback is where requests for a version without pods go.
type Fallback string

// FallbackUnset leaves it to the dialect. FallbackAny sends them to any pod of the app, of whatever version; by
// FallbackNone they fail.
const (
	FallbackUnset Fallback = ""
	FallbackAny   Fallback = "anyEndpoint"
	FallbackNone  Fallback = "none"
)

// App is a namespace and a name, with all of its living versions.
type App struct {
	Namespace, Name string
	// Versions are sorted by name; of several Deployments of one version only the oldest is here.
	Versions []*Version

	// aged are the versions, the oldest first.
	aged     []*Version
	settings Settings
	groups   []string // the Namespace's API groups
	live     LiveTable
	// incumbent carried the main routes last; nil if it is gone or not known.
	incumbent *Version
	// primary is the one in effect. Heir is nil but while the declared primary waits to take over.
	primary, heir *Version
	implicit      bool
	// awake: versions at 0 replicas count as if they asked for pods.
	awake bool
}

// NewApp makes an app of its versions, in any order. Groups are the Namespace's aviary.dev/api-group list.
func NewApp(namespace, name string, versions []*Version, groups []string, s Settings) *App {
	a := &App{Namespace: namespace, Name: name, settings: s, groups: groups}
	for _, v := range slices.SortedFunc(slices.Values(versions), (*Version).compareAge) {
		if !slices.ContainsFunc(a.aged, func(o *Version) bool { return o.Name == v.Name }) {
			a.aged = append(a.aged, v)
		}
	}
	a.Versions = slices.Clone(a.aged)
	slices.SortFunc(a.Versions, func(x, y *Version) int { return cmp.Compare(x.Name, y.Name) })
	a.appoint()
	return a
}

// Keys are the label keys that the app's siblings are made with.
func (a *App) Keys() LabelKeys { return a.settings.Keys }

// Version returns the version of that name, or nil.
func (a *App) Version(name string) *Version {
	for _, v := range a.Versions {
		if v.Name == name {
			return v
		}
	}
	return nil
}

// Primary is the primary, or nil; implicit tells that it is so as the oldest without a role.
func (a *App) Primary() (p *Version, implicit bool) { return a.primary, a.implicit }

// Awake returns the app as if none of its versions were at 0 replicas. Who scales one up is asked for no rights and
// judged by no rule, so these judge what will be written then.
func (a *App) Awake() *App {
	out := *a
	out.awake = true
	return &out
}

// Alone returns the app as if it had this version only, which then leads.
func (a *App) Alone(v *Version) *App {
	only := *v
	only.Role = Primary
	return NewApp(a.Namespace, a.Name, []*Version{&only}, a.groups, a.settings)
}

// Role is what the version does in effect.
func (a *App) Role(v *Version) Role {
	switch {
	case v == a.primary:
		return Primary
	case v == a.heir:
		return TakingOver
	case v.Role == Primary:
		return Superseded
	case v.Role == "":
		return Standby
	}
	return v.Role
}

// Retiring reports whether any version says that the whole app is going.
func (a *App) Retiring() bool {
	return slices.ContainsFunc(a.Versions, func(v *Version) bool { return v.Retire })
}

// Uses reports whether the app's sibling of a kind, in lower case, is somebody else's: a version
// that says so is enough, since nothing foreign may be written to.
func (a *App) Uses(kind string) bool {
	return slices.ContainsFunc(a.Versions, func(v *Version) bool { return slices.Contains(v.Use, kind) })
}

// used are the kinds that the app uses, sorted.
func (a *App) used() []string {
	var out []string
	for _, v := range a.Versions {
		out = append(out, v.Use...)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// With returns the versions that have the role in effect, sorted by name.
func (a *App) With(role Role) []*Version {
	var out []*Version
	for _, v := range a.Versions {
		if a.Role(v) == role {
			out = append(out, v)
		}
	}
	return out
}

// shadow is the version that gets a copy of the traffic, or nil. Two are refused; should there be
// two, the first one is it.
func (a *App) shadow() *Version {
	if shadows := a.With(Shadow); len(shadows) > 0 {
		return shadows[0]
	}
	return nil
}

// Lead is the version whose app-wide values win: the primary, else the sole canary, else the oldest; nil for none.
func (a *App) Lead() *Version {
	if a.primary != nil {
		return a.primary
	}
	if canaries := a.With(Canary); len(canaries) == 1 {
		return canaries[0]
	}
	if len(a.aged) > 0 {
		return a.aged[0]
	}
	return nil
}

// Paths are the app's, sorted as their routes stand.
func (a *App) Paths() []route.Path {
	if l := a.Lead(); l != nil && len(l.Paths) > 0 {
		return l.Paths
	}
	return []route.Path{{Kind: route.Prefix, Value: "/" + a.Name}}
}

// Port is the port of the app's Service.
func (a *App) Port() int32 {
	if l := a.Lead(); l != nil && l.Port != 0 {
		return l.Port
	}
	return a.settings.Port
}

// TargetPort is the number or name of the container port that the Service sends to; empty if it can't be told.
func (a *App) TargetPort() string {
	l := a.Lead()
	switch {
	case l == nil:
		return ""
	case l.TargetPort != "":
		return l.TargetPort
	case len(l.Ports) == 0:
		return ""
	}
	if name := l.Ports[0].Name; name != "" && !slices.ContainsFunc(a.Versions, func(v *Version) bool {
		return len(v.Ports) == 0 || v.Ports[0].Name != name
	}) {
		return name
	}
	return strconv.Itoa(int(l.Ports[0].ContainerPort))
}

// APIGroup is the value of the table's label; empty if nobody says one. Where the Namespace lists groups and the app
// states none, a table keeps the one that it has, if that is in the list: another order of the list must not move live
// routes. A new table gets the first.
func (a *App) APIGroup() string {
	if l := a.Lead(); l != nil && l.APIGroup != "" {
		return l.APIGroup
	}
	switch {
	case slices.Contains(a.groups, a.live.APIGroup):
		return a.live.APIGroup
	case len(a.groups) > 0:
		return a.groups[0]
	}
	return a.settings.APIGroup
}

// headers are those of a canary's header route; none turns it off.
func (a *App) headers(v *Version) []route.Header {
	if v.HeadersStated {
		return v.Headers
	}
	return a.settings.CanaryHeaders
}
