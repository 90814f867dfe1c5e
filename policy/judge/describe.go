package judge

import (
	"maps"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
)

// describeApp describes the app as it would be.
func (c *appChange) describeApp() *input.App {
	app := c.appAfter
	out := &input.App{
		Name:       app.Name,
		Versions:   make([]input.Member, 0, len(app.Versions)),
		Duplicates: c.duplicates(),
		Canaries:   convention.Names(app.With(convention.Canary)),
		Shadows:    convention.Names(app.With(convention.Shadow)),
		State:      string(app.State()),
		HadRoute:   c.hadRoute(),
	}
	for _, v := range app.Versions {
		out.Versions = append(out.Versions, describeMember(app, v))
	}
	if !app.Uses(convention.UseService) {
		out.TargetPort = app.TargetPort()
	}
	for _, v := range app.With(convention.Canary) {
		out.WeightSum += v.Weight
	}
	if p, _ := app.Primary(); p != nil {
		out.Primary, out.Unstated = p.Name, c.unstated()
	}
	return out
}

func describeMember(app *convention.App, v *convention.Version) input.Member {
	p, implicit := app.Primary()
	return input.Member{
		Version:    v.Name,
		Deployment: v.Deployment,
		Role:       string(app.Role(v)),
		Stated:     string(v.Role),
		Implicit:   v == p && implicit,
		Weight:     v.Weight,
		Replicas:   int(v.Replicas),
		Available:  int(v.Available),
		Serves:     v.ServesPort(app.TargetPort()),
	}
}

func (c *appChange) describeVersion() *input.Version {
	return &input.Version{
		Version: c.new.Name, Deployment: c.new.Deployment, Role: string(c.appAfter.Role(c.new)), Weight: c.new.Weight,
	}
}

// describeLabels compares what the labels say with what the annotations say.
func (c *appChange) describeLabels() *input.Labels {
	keys := c.settings.Keys
	w := c.request.New.(*fact.Workload)
	out := &input.Labels{
		Keys:     map[string]string{saysApp: keys.App, saysVersion: keys.Version},
		Want:     map[string]string{saysApp: c.new.App, saysVersion: c.new.Name},
		Template: pick(w.Labels, keys),
		Selector: pick(w.Selector, keys),
	}
	out.Agree = maps.Equal(out.Template, out.Want) && maps.Equal(out.Selector, out.Want)
	return out
}

// What labels say, by any keys.
const (
	saysApp     = "app"
	saysVersion = "version"
)

// pick returns what the labels say of the app and the version.
func pick(labels map[string]string, keys convention.LabelKeys) map[string]string {
	out := make(map[string]string, 2)
	for says, key := range map[string]string{saysApp: keys.App, saysVersion: keys.Version} {
		if v, ok := labels[key]; ok {
			out[says] = v
		}
	}
	return out
}

// duplicates are other Deployments that say the same app and version.
func (c *appChange) duplicates() []string {
	if c.new == nil {
		return nil
	}
	var out []string
	for _, w := range c.workloads {
		if w.Version.Name == c.new.Name && w.Name != c.new.Deployment {
			out = append(out, w.Name)
		}
	}
	slices.Sort(out)
	return out
}
