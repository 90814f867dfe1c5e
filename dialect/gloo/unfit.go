package gloo

import (
	"fmt"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Unfit implements dialect.Dialect: destinations must be able to pick each version.
func (Dialect) Unfit(app *convention.App, u *fact.Backend) []string {
	if !u.Pods {
		return []string{"it is not of type kube"}
	}
	var out []string
	service := route.Ref{Namespace: app.Namespace, Name: convention.ServiceName(app.Name)}
	switch {
	case u.Service != service:
		out = append(out, fmt.Sprintf("it is for Service %s, not %s", u.Service, service))
	case u.Port != app.Port():
		out = append(out, fmt.Sprintf("it is for port %d, not %d", u.Port, app.Port()))
	}
	key := app.Keys().Version
	if len(u.SubsetKeys) != 1 || !slices.Equal(u.SubsetKeys[0], []string{key}) {
		out = append(out, fmt.Sprintf("its subsetSpec must list the keys [%s] and nothing else", key))
	}
	return out
}
