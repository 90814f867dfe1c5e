package convention

import (
	"fmt"
	"slices"
	"strings"

	"aviary.dev/route"
)

// Advice says what is wrong, or surprising, about a version as part of its app.
func (a *App) Advice(v *Version) []Finding {
	r := reader{}
	a.derivable(&r)
	a.adviseRole(&r, v)
	a.adviseAppWide(&r, v)
	a.adviseHands(&r, v)
	order := a.headerOrder()
	hidden := a.Role(v) == Canary && !slices.Contains(order, v)
	if o := a.sameHeaders(v, order); hidden && o != nil {
		message := fmt.Sprintf("are the same as those of %s, so this version has no header route", o.Name)
		if !o.Wanted() {
			message += fmt.Sprintf(" once %s is scaled up", o.Name)
		}
		r.warn(KeyHeaders, message, "give each canary headers of its own")
	}
	for i := range r.findings {
		r.findings[i].Evidence = true
	}
	return r.findings
}

// derivable reports what the app needs and nobody says.
func (a *App) derivable(r *reader) {
	if a.TargetPort() == "" && !a.Uses(UseService) {
		r.add(KeyTargetPort, "is missing, and the containers list no port to take it from",
			`set it, for example to "8080", or list the containerPort`)
	}
	if a.APIGroup() == "" {
		r.add(KeyAPIGroup, "is missing, and neither the Namespace nor Aviary's configuration gives a default",
			"set it to the group that the platform selects, for example example")
	}
}

func (a *App) adviseRole(r *reader, v *Version) {
	p := a.primary
	switch {
	case p != nil && p.Role != Primary && !a.implicit:
		a.adviseNobodyStates(r, v)
	case v.Role != "":
	case v == p:
		r.warn(KeyRole, fmt.Sprintf("is absent, so %s became primary", v.Name), "say role: primary to make it explicit")
	case p != nil && a.implicit:
		r.warn(KeyRole, fmt.Sprintf("%s is primary because it is older", p.Deployment),
			fmt.Sprintf("say role: primary there, or role: standby on %s", v.Deployment))
	default:
		r.warn(KeyRole, fmt.Sprintf("is absent, so %s is standby and gets no traffic", v.Name),
			"say role: standby, or canary")
	}
}

// adviseNobodyStates warns that the incumbent goes on as primary only because no version says that it is one.
func (a *App) adviseNobodyStates(r *reader, v *Version) {
	message := fmt.Sprintf("no version states primary; %s keeps the traffic until one does", a.primary.Name)
	if v == a.primary && v.Role == Canary {
		message += fmt.Sprintf(", and its weight %d waits for that", v.Weight)
	}
	r.warn(KeyRole, message,
		fmt.Sprintf("say role: primary on the version that shall have it, such as %s", a.primary.Deployment))
}

// adviseAppWide warns of values that belong to the app and lose against the lead's.
func (a *App) adviseAppWide(r *reader, v *Version) {
	lost := func(key, is, wins string) {
		if is != "" && is != wins {
			r.warn(key, fmt.Sprintf("%s has no effect: %s of %s wins", quote(is), quote(wins), a.Lead().Deployment),
				"state the same value on both, or only on the primary")
		}
	}
	lost(KeyPaths, joinPaths(v.Paths), joinPaths(a.Paths()))
	lost(KeyTargetPort, v.TargetPort, a.TargetPort())
	lost(KeyAPIGroup, v.APIGroup, a.APIGroup())
	if v.Port != 0 {
		lost(KeyPort, fmt.Sprint(v.Port), fmt.Sprint(a.Port()))
	}
}

// adviseHands warns of what a version says, or leaves out, about Aviary's own hands.
func (a *App) adviseHands(r *reader, v *Version) {
	if !slices.Equal(a.used(), v.Use) {
		r.warn(KeyUse, "is stated on another version and holds for the whole app",
			"state the same on every version, or it ends with the one that says it")
	}
	if v.Retire {
		r.warn(KeyRetire,
			fmt.Sprintf("takes the routes of app %s away now, and no rule about changes applies to it any more", a.Name),
			"remove it if the app is to stay")
	}
}

func joinPaths(paths []route.Path) string {
	var parts []string
	for _, p := range paths {
		parts = append(parts, strings.ReplaceAll(p.String(), ",", `\,`))
	}
	return strings.Join(parts, ",")
}
