package preview

import (
	"cmp"
	"context"
	"fmt"

	"aviary.dev/convention"
	"aviary.dev/dryrun"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/route"
)

// Result is what becomes of manifests.
type Result struct {
	// Manifests are those that were read, in order, with defaults, and each app's siblings after the
	// last of its Deployments; none if a finding is more than a warning.
	Manifests []Manifest
	// Findings are in the order of the manifests.
	Findings []Finding
}

// Expand reads manifests and returns what they would be. Objects that name no namespace are taken to
// be in the one given. The error joins what could not be read or judged.
func Expand(ctx context.Context, j *judge.Judge, files dryrun.Source, namespace string) (Result, error) {
	x := &expansion{
		judge: j, namespace: namespace, world: dryrun.NewWorld(j.Kinds(), namespace),
		apps: map[route.Ref]*convention.App{},
	}
	if err := x.read(ctx, files); err != nil {
		return Result{}, err
	}
	x.findTwice()
	for _, in := range x.inputs {
		x.add(in)
	}
	if err := x.world.Complete(ctx, j.Settings()); err != nil {
		return Result{}, err
	}
	for _, in := range x.inputs {
		if err := x.findIn(ctx, in); err != nil {
			return Result{}, fmt.Errorf("%s: judge %s: %w", in.place(""), in.describe(), err)
		}
	}
	return x.result()
}

// expansion is the work on one set of manifests.
type expansion struct {
	judge     *judge.Judge
	namespace string
	world     *dryrun.World
	inputs    []*input
	// apps are those of which a version was read.
	apps map[route.Ref]*convention.App
}

// findTwice refuses two manifests of one object.
func (x *expansion) findTwice() {
	seen := map[route.ID]*input{}
	for _, in := range x.inputs {
		id := route.ID{GroupKind: in.header.GroupKind()}
		id.Namespace, id.Name = cmp.Or(in.metadata.namespace, x.namespace), in.metadata.name
		if first := seen[id]; first != nil && id.Name != "" {
			in.find(false, "", "stands twice, first at "+first.place("")+"; remove one")
			continue
		}
		seen[id] = in
	}
}

// add makes a fact of the object count, or finds why it can't be had. What is of the wrong type is
// told, and all else of the object counts.
func (x *expansion) add(in *input) {
	if in.kind == nil {
		return
	}
	sound := !in.deployment() || in.textual()
	in.findWrong()
	switch {
	case !sound:
	case in.deployment() && in.metadata.name == "" && len(in.metadata.aviarys()) > 0:
		in.find(false, "", "metadata.name: is missing; name it after the app and the version, for example echo-v1")
	case in.err != nil:
		in.find(false, "", "no valid "+in.kind.Kind+": "+in.err.Error())
	default:
		x.world.Add(in.object.Fact)
		return
	}
	in.object = dryrun.Object{}
}

// findIn judges a Deployment by the rules.
func (x *expansion) findIn(ctx context.Context, in *input) error {
	w := in.version()
	if w == nil {
		return nil
	}
	findings, err := x.judge.Decide(ctx, judge.Request{Operation: judge.Audit, New: w}, x.world.Facts())
	if err != nil {
		return err
	}
	for _, f := range findings {
		if f.Mode >= policy.ModeWarn {
			in.find(f.Mode == policy.ModeWarn, annotationOf(f.Field), f.String())
		}
	}
	return x.readApp(ctx, w)
}

// readApp reads the app of which the Deployment is a version, once.
func (x *expansion) readApp(ctx context.Context, w *fact.Workload) (err error) {
	if ref := fact.AppOf(w); w.Version != nil && x.apps[ref] == nil {
		x.apps[ref], err = x.world.App(ctx, ref, x.judge.Settings())
	}
	return err
}
