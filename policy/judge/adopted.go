package judge

import (
	"context"
	"fmt"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// adopted describes the siblings that the app takes from somebody else (aviary.dev/use), and what
// about them does not fit.
func (c *appChange) adopted(ctx context.Context) ([]input.Sibling, error) {
	var out []input.Sibling
	for _, kind := range c.kinds.Written() {
		use := kind.Use()
		if use == "" || !c.appAfter.Uses(use) {
			continue
		}
		name := convention.BackendName(c.app.Name)
		if kind.Role == dialect.Service {
			name = convention.ServiceName(c.app.Name)
		}
		id := route.ID{GroupKind: kind.GroupKind(), Ref: route.Ref{Namespace: c.app.Namespace, Name: name}}
		f, err := fact.Find(ctx, c.after, id)
		if err != nil {
			return nil, err
		}
		out = append(out, input.Sibling{
			Kind: id.Kind, Namespace: id.Namespace, Name: id.Name, Exists: f != nil, Used: true, Unfit: c.unfit(f), Use: use,
		})
	}
	return out, nil
}

// unfit says what keeps the app from using an object, a phrase each.
func (c *appChange) unfit(f fact.Fact) []string {
	switch f := f.(type) {
	case *fact.Service:
		return c.serviceUnfit(f)
	case *fact.Backend:
		return append(c.commonUnfit(f.Managed, f.Selector), c.kinds.Writer().Unfit(c.appAfter, f)...)
	}
	return nil
}

// serviceUnfit is about a Service: it must reach the Pods of every version on the app's port.
func (c *appChange) serviceUnfit(s *fact.Service) []string {
	out := c.commonUnfit(s.Managed, s.Selector)
	switch {
	case s.External:
		return append(out, "it is an ExternalName and has no Pods")
	case len(s.Selector) == 0:
		out = append(out, "it has no selector")
	}
	if port := c.appAfter.Port(); len(s.Ports) < fact.MaxServicePorts && !slices.Contains(s.Ports, port) {
		out = append(out, fmt.Sprintf("it has no port %d (set aviary.dev/port to one of %v)", port, s.Ports))
	}
	return out
}

func (c *appChange) commonUnfit(m fact.Managed, selector map[string]string) []string {
	var out []string
	switch {
	case m.App != "", m.KeptFor(c.app.Name, c.living):
		remedy := "remove its label " + convention.KeyApp + " and its ownerReferences, at once, to take it over"
		out = append(out, fmt.Sprintf("it is Aviary's own (%s)", remedy))
	case len(m.Owners) > 0:
		out = append(out, "it would go with the Deployment that owns it (remove its ownerReferences)")
	}
	key := c.settings.Keys.Version
	if version, ok := selector[key]; ok {
		out = append(out, fmt.Sprintf("its selector picks one version (%s=%s)", key, version))
	} else if w, ok := c.request.New.(*fact.Workload); ok && !w.Carries(selector) {
		out = append(out, fmt.Sprintf("its selector does not pick the Pods of Deployment %s", w.Name))
	}
	return out
}
