package main

import (
	"cmp"
	"context"
	"encoding/json"
	"regexp"
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// expansion is the work on one set of manifests. They are the facts, and the rules are those of the cluster.
type expansion struct {
	judge     *judge.Judge
	namespace string
	manifests []manifest
	facts     *inventory.Store
	// versions are the Deployments that say an app, by their place among the manifests.
	versions map[int]*inventory.Workload

	notes []note
}

// note is a problem or a warning about one manifest.
type note struct {
	line, column int // of the output: manifests in order, and what is said of each in order
	warning      bool
	text         string
}

// deployments is the kind of what Aviary reads.
var deployments = schema.GroupKind{Group: "apps", Kind: inventory.KindDeployment}

// expand gives the manifests with defaults, and each app's siblings after the last one of its Deployments.
func (x *expansion) expand(ctx context.Context) ([]*manifest, error) {
	x.facts, x.versions = inventory.NewStore(), map[int]*inventory.Workload{}
	x.twice()
	for i := range x.manifests {
		x.take(i)
	}
	apps := map[route.Ref]*convention.App{}
	for i := range x.manifests {
		if w := x.versions[i]; w != nil {
			if err := x.version(ctx, i, w, apps); err != nil {
				return nil, err
			}
		}
	}
	bad := x.tell(false)
	if len(apps) == 0 && len(bad) == 0 {
		bad = problems{"no Deployment has the annotation " + convention.KeyApp + ", so there is nothing to expand; annotate one per version, for example " + convention.KeyApp + ": echo"}
	}
	if len(bad) > 0 {
		return nil, problems(bad)
	}
	return x.result(apps), nil
}

// namespaceOf gives the object's namespace, or that of objects that name none.
func (x *expansion) namespaceOf(u *unstructured.Unstructured) string {
	if ns := u.GetNamespace(); ns != "" {
		return ns
	}
	return x.namespace
}

func (x *expansion) note(i int, warning bool, key, text string) {
	m := x.manifests[i]
	x.notes = append(x.notes, note{i, len(x.notes), warning, m.at(key) + ": " + describe(m) + ": " + text})
}

func (x *expansion) problem(i int, text string) { x.note(i, false, "", text) }

// tell gives the warnings, or the problems, in the order of the manifests.
func (x *expansion) tell(warnings bool) []string {
	slices.SortFunc(x.notes, func(a, b note) int { return cmp.Or(a.line-b.line, a.column-b.column) })
	var out []string
	for _, n := range x.notes {
		if n.warning == warnings {
			out = append(out, n.text)
		}
	}
	return out
}

func describe(m manifest) string {
	if m.GetName() == "" {
		return m.GetKind()
	}
	return m.GetKind() + " " + m.GetName()
}

// twice refuses two manifests of one object.
func (x *expansion) twice() {
	type id struct {
		schema.GroupKind
		route.Ref
	}
	seen := map[id]manifest{}
	for i, m := range x.manifests {
		this := id{m.GroupVersionKind().GroupKind(), route.Ref{Namespace: x.namespaceOf(m.Unstructured), Name: m.GetName()}}
		if first, ok := seen[this]; ok && this.Name != "" {
			x.problem(i, "stands twice, first at "+first.at("")+"; remove one")
			continue
		}
		seen[this] = m
	}
}

// take gives a Deployment of Aviary's its defaults, and makes facts of whatever the rules ask about.
func (x *expansion) take(i int) {
	m := x.manifests[i]
	kind := m.GroupVersionKind().GroupKind()
	object := m.Unstructured
	if object.GetNamespace() == "" && kind != (schema.GroupKind{Kind: inventory.KindNamespace}) {
		object = object.DeepCopy()
		object.SetNamespace(x.namespace)
	}
	if kind == deployments {
		if x.unquoted(i) {
			return
		}
		if object.GetName() == "" && convention.Concerns(object.GetAnnotations()) {
			x.problem(i, "metadata.name: is missing; name it after the app and the version, for example echo-v1")
			return
		}
		filled, err := x.fill(object)
		if err != nil {
			x.problem(i, "no valid Deployment: "+plain(err))
			return
		}
		if filled != nil && filled != m.Unstructured {
			object = filled
			x.manifests[i] = manifest{Unstructured: filled, source: m.source, file: m.file, line: m.line}
		}
	}
	data, err := json.Marshal(object.Object)
	if err != nil {
		x.problem(i, plain(err))
		return
	}
	fact, err := inventory.Decode(kind, data, x.judge.Settings().Keys)
	if err != nil {
		x.problem(i, "no valid "+kind.Kind+": "+plain(err))
		return
	}
	if fact == nil {
		return
	}
	if w, ok := fact.(*inventory.Workload); ok && kind == deployments && !w.Terminating && (w.Version != nil || len(w.Problems) > 0) {
		x.versions[i] = w
	}
	x.facts.Put(fact)
}

// version judges a Deployment by the rules, and tells what role it got if it states none.
func (x *expansion) version(ctx context.Context, i int, w *inventory.Workload, apps map[route.Ref]*convention.App) error {
	m := x.manifests[i]
	findings, err := x.judge.Judge(ctx, judge.Request{Operation: judge.Audit, New: w}, x.facts)
	if err != nil {
		return inputError{[]string{m.at("") + ": judge " + describe(m) + ": " + err.Error()}}
	}
	if w.Version != nil {
		ref := route.Ref{Namespace: w.Namespace, Name: w.Version.App}
		if apps[ref] == nil {
			if apps[ref], err = judge.App(ctx, x.facts, ref, x.judge.Settings()); err != nil {
				return err
			}
		}
		for _, p := range apps[ref].Advice(w.Version) {
			if p.Key == convention.KeyRole && p.Warning {
				findings = append(findings, policy.Finding{Rule: "annotations-valid", Mode: policy.ModeWarn, Field: p.Field, Message: p.Message, Fix: p.Fix})
			}
		}
	}
	for _, f := range policy.Sort(findings) {
		switch text := f.String(); f.Mode {
		case policy.ModeDeny:
			x.note(i, false, annotationOf(f.Field), text)
		case policy.ModeWarn:
			x.note(i, true, annotationOf(f.Field), text)
		default: // silent
		}
	}
	return nil
}

var annotationField = regexp.MustCompile(`annotations\[([^\]]+)\]`)

// annotationOf gives the annotation that a field path ends in; empty for none.
func annotationOf(field string) string {
	if m := annotationField.FindStringSubmatch(field); m != nil {
		return m[1]
	}
	return ""
}

// result puts the siblings after their apps' Deployments, in place of those that an earlier call wrote.
func (x *expansion) result(apps map[route.Ref]*convention.App) []*manifest {
	last := map[route.Ref]int{}
	for i, w := range x.versions {
		if w.Version != nil {
			ref := route.Ref{Namespace: w.Namespace, Name: w.Version.App}
			last[ref] = max(last[ref], i)
		}
	}
	var out []*manifest
	for i := range x.manifests {
		m := &x.manifests[i]
		if apps[x.siblingOf(m.Unstructured)] != nil {
			continue
		}
		out = append(out, m)
		w := x.versions[i]
		if w == nil || w.Version == nil {
			continue
		}
		if ref := (route.Ref{Namespace: w.Namespace, Name: w.Version.App}); last[ref] == i {
			for _, u := range gloo.Siblings(apps[ref], apps[ref].Plan(nil), "") {
				out = append(out, &manifest{Unstructured: u})
			}
		}
	}
	return out
}

// siblingOf gives the app that the object was written for; zero for an object of somebody else's.
func (x *expansion) siblingOf(u *unstructured.Unstructured) route.Ref {
	labels := u.GetLabels()
	switch u.GroupVersionKind().GroupKind() {
	case schema.GroupKind{Kind: inventory.KindService},
		gloo.GlooGroup.WithKind(gloo.KindUpstream).GroupKind(),
		gloo.GatewayGroup.WithKind(gloo.KindRouteTable).GroupKind():
		if labels[convention.KeyManagedBy] == convention.ManagedBy {
			return route.Ref{Namespace: x.namespaceOf(u), Name: labels[convention.KeyApp]}
		}
	}
	return route.Ref{}
}
