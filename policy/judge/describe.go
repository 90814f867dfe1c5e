package judge

import (
	"context"
	"maps"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// describe adds the version and its app as they would be, and the siblings that would follow.
func (j *Judge) describe(ctx context.Context, doc *policy.Object, s step, facts inventory.Reader) error {
	if s.now != nil {
		j.describeVersion(doc, s)
	}
	app := j.build.Object()
	app.String("name", s.is.Name)
	var versions []*ast.Term
	sum := 0
	for _, v := range s.is.Versions {
		versions = append(versions, j.member(s.is, v))
	}
	if service, _ := s.is.Uses(); !service && s.is.TargetPort() != "" {
		app.String("targetPort", s.is.TargetPort())
	}
	for _, v := range s.is.With(convention.Canary) {
		sum += v.Weight
	}
	app.Array("versions", versions)
	if p, _ := s.is.Primary(); p != nil {
		app.String("primary", p.Name)
	}
	app.Strings("canaries", convention.Names(s.is.With(convention.Canary)))
	app.Strings("shadows", convention.Names(s.is.With(convention.Shadow)))
	app.Int("weightSum", sum)
	app.String("state", string(s.is.State()))
	app.Bool("hadRoute", s.hadRoute())
	twins, err := s.twins(ctx, facts)
	if err != nil {
		return err
	}
	app.Strings("duplicates", twins)
	doc.Term("app", app.Done())
	if err := j.describeGroup(ctx, doc, s, facts); err != nil || s.now == nil {
		return err
	}
	return j.describeSiblings(ctx, doc, s, facts)
}

func (j *Judge) member(app *convention.App, v *convention.Version) *ast.Term {
	p, implicit := app.Primary()
	o := j.build.Object()
	o.String("version", v.Name)
	o.String("deployment", v.Deployment)
	o.Bool("serves", v.ServesPort(app.TargetPort()))
	o.String("role", string(app.Role(v)))
	o.String("stated", string(v.Role))
	o.Bool("implicit", v == p && implicit)
	o.Int("weight", v.Weight)
	o.Int("replicas", int(v.Replicas))
	o.Int("available", int(v.Available))
	return o.Done()
}

func (j *Judge) describeVersion(doc *policy.Object, s step) {
	v := j.build.Object()
	v.String("version", s.now.Name)
	v.String("deployment", s.now.Deployment)
	v.String("role", string(s.is.Role(s.now)))
	v.Int("weight", s.now.Weight)
	doc.Term("version", v.Done())

	keys := j.settings.Keys
	names := j.build.Object()
	names.String(saysApp, keys.App)
	names.String(saysVersion, keys.Version)
	w := s.request.New.(*inventory.Workload)
	labels := j.build.Object()
	want := map[string]string{saysApp: s.now.App, saysVersion: s.now.Name}
	template, selector := pick(w.Labels, keys), pick(w.Selector, keys)
	labels.Term("keys", names.Done())
	labels.Labels("want", want)
	labels.Labels("template", template)
	labels.Labels("selector", selector)
	labels.Bool("agree", maps.Equal(template, want) && maps.Equal(selector, want))
	doc.Term("labels", labels.Done())
}

// What labels say, by any keys.
const (
	saysApp     = "app"
	saysVersion = "version"
)

// pick gives what the labels say of the app and the version.
func pick(labels map[string]string, keys convention.LabelKeys) map[string]string {
	out := make(map[string]string, 2)
	for says, key := range map[string]string{saysApp: keys.App, saysVersion: keys.Version} {
		if v, ok := labels[key]; ok {
			out[says] = v
		}
	}
	return out
}

// twins are other Deployments that say the same app and version.
func (s step) twins(ctx context.Context, facts inventory.Reader) ([]string, error) {
	if s.now == nil {
		return nil, nil
	}
	all, err := facts.App(ctx, s.app)
	var out []string
	for _, w := range all {
		if w.Version.Name == s.now.Name && w.Name != s.now.Deployment {
			out = append(out, w.Name)
		}
	}
	slices.Sort(out)
	return out, err
}

// describeSiblings adds what already has the names, and the paths, that the plan needs.
func (j *Judge) describeSiblings(ctx context.Context, doc *policy.Object, s step, facts inventory.Reader) error {
	plan := s.plan
	var list []*ast.Term
	add := func(kind, name string, exists bool, m inventory.Mark) {
		o := j.build.Object()
		o.String("kind", kind)
		o.String("namespace", s.app.Namespace)
		o.String("name", name)
		o.Bool("exists", exists)
		o.Bool("ours", exists && m.App == s.app.Name)
		list = append(list, o.Done())
	}
	if plan.Service != nil {
		service, err := facts.Service(ctx, route.Ref{Namespace: s.app.Namespace, Name: plan.Service.Name})
		if err != nil {
			return err
		}
		add(inventory.KindService, plan.Service.Name, service != nil, orZero(service).Mark)
	}
	for _, u := range plan.Upstreams {
		upstream, err := facts.Upstream(ctx, route.Ref{Namespace: s.app.Namespace, Name: u.Name})
		if err != nil {
			return err
		}
		add(gloo.KindUpstream, u.Name, upstream != nil, orZero(upstream).Mark)
	}
	if len(plan.Routes) > 0 {
		add(gloo.KindRouteTable, convention.TableName(s.app.Name), s.table != nil, orZero(s.table).Mark)
	}
	used, err := j.used(ctx, s, facts)
	if err != nil {
		return err
	}
	doc.Array("siblings", append(list, used...))
	return j.describeClaims(ctx, doc, s, facts)
}

// keeps reports whether Aviary's RouteTable stands.
func (s step) keeps() bool {
	return s.table != nil && s.table.App == s.app.Name && !s.table.Terminating
}

// describeGroup adds the API group that the plan would use and, where the request changes it, whether what led to the
// app's RouteTable still would.
func (j *Judge) describeGroup(ctx context.Context, doc *policy.Object, s step, facts inventory.Reader) error {
	group := j.build.Object()
	group.String("field", convention.Annotation(convention.KeyAPIGroup))
	if s.plan.APIGroup != "" {
		group.String("value", s.plan.APIGroup)
	}
	ns, err := facts.Namespace(ctx, s.app.Namespace)
	if err != nil {
		return err
	}
	if ns != nil && len(ns.APIGroups) > 0 {
		group.Strings("allowed", ns.APIGroups)
	}
	going := s.was.Retiring() || s.is.Retiring() || len(s.is.Versions) == 0
	if before := s.was.APIGroup(); !going && s.keeps() && before != s.plan.APIGroup {
		parents, err := facts.Parents(ctx)
		if err != nil {
			return err
		}
		relabelled := *s.table
		relabelled.Labels = maps.Clone(s.table.Labels)
		relabelled.Labels[j.settings.Keys.APIGroup] = s.plan.APIGroup
		group.String("before", before)
		group.Bool("selectedBefore", selected(parents, s.table))
		group.Bool("selectedAfter", selected(parents, &relabelled))
	}
	doc.Term("apiGroup", group.Done())
	return nil
}

func orZero[T any](p *T) T {
	var zero T
	if p == nil {
		return zero
	}
	return *p
}
