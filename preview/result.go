package preview

import (
	"encoding/json"
	"slices"

	jsonpatch "github.com/evanphx/json-patch/v5"
	utiljson "k8s.io/apimachinery/pkg/util/json"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/route"
)

// Manifest is one object as it would be.
type Manifest struct {
	// Text is the YAML that was read, with its comments, if nothing changed; else empty.
	Text   string
	Object map[string]any
}

// result puts the siblings after their apps' Deployments, in place of those that an earlier call
// wrote.
func (x *expansion) result() (Result, error) {
	var out Result
	for _, in := range x.inputs {
		out.Findings = append(out.Findings, in.findings...)
	}
	refused := slices.ContainsFunc(out.Findings, func(f Finding) bool { return !f.Warning })
	if len(x.apps) == 0 && !refused {
		refused = true
		out.Findings = append(out.Findings, Finding{Text: nothingToExpand})
	}
	if refused {
		return out, nil
	}
	last, kinds := x.lastOf(), x.judge.Kinds().Written()
	for _, in := range x.inputs {
		if slices.Contains(kinds, in.kind) && x.apps[fact.AppOf(in.object.Fact)] != nil {
			continue // an earlier call wrote it
		}
		m, err := in.manifest()
		if err != nil {
			return Result{}, err
		}
		out.Manifests = append(out.Manifests, m)
		if app := last[in]; app != nil {
			out.Manifests = append(out.Manifests, x.siblings(app)...)
		}
	}
	return out, nil
}

const nothingToExpand = "no Deployment has the annotation " + convention.KeyApp +
	", so there is nothing to expand; annotate one per version, for example " + convention.KeyApp + ": echo"

// lastOf returns the apps by the last of their Deployments.
func (x *expansion) lastOf() map[*input]*convention.App {
	last := map[route.Ref]*input{}
	for _, in := range x.inputs {
		if w := in.version(); w != nil && w.Version != nil {
			last[fact.AppOf(w)] = in
		}
	}
	out := make(map[*input]*convention.App, len(last))
	for ref, in := range last {
		out[in] = x.apps[ref]
	}
	return out
}

func (x *expansion) siblings(app *convention.App) []Manifest {
	var out []Manifest
	for _, s := range x.world.Siblings(app) {
		out = append(out, Manifest{Object: s.Object().Object})
	}
	return out
}

// manifest returns the object, a version with its namespace and its defaults.
func (in *input) manifest() (out Manifest, err error) {
	text, patch := in.json, in.patch()
	switch {
	case len(patch) > 0:
		if text, err = apply(text, patch); err != nil {
			return Manifest{}, err
		}
	case in.document.Item == "" && !in.document.IsJSON:
		out.Text = string(in.document.Text)
	}
	return out, utiljson.Unmarshal(text, &out.Object)
}

// patch returns what a version leaves out. The stamps are for a cluster to set.
func (in *input) patch() convention.Patch {
	w := in.version()
	if w == nil || w.Version == nil {
		return nil
	}
	var p convention.Patch
	if in.object.Namespaced {
		p = convention.Patch{{Op: "add", Path: "/metadata/namespace", Value: w.Namespace}}
	}
	return append(p, in.object.Defaults.Patch()...)
}

func apply(text []byte, p convention.Patch) ([]byte, error) {
	encoded, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	patch, err := jsonpatch.DecodePatch(encoded)
	if err != nil {
		return nil, err
	}
	return patch.Apply(text)
}
