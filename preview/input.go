package preview

import (
	"context"
	"errors"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"

	"aviary.dev/dialect"
	"aviary.dev/dryrun"
	"aviary.dev/fact"
	"aviary.dev/manifest"
)

// input is one object that was read.
type input struct {
	document manifest.Document
	json     []byte
	header   dryrun.Header
	metadata metadata
	// kind is nil if no facts are kept of it; else object is what it was decoded to, or err why it
	// could not be.
	kind     *dialect.Kind
	object   dryrun.Object
	err      error
	findings []Finding
}

// metadata is what is asked of objects of any kind; what has not the expected form is empty.
type metadata struct {
	name, namespace string
	annotations     map[string]jsontext.Value
}

// read reads all objects. The error joins all that could not be read, in order.
func (x *expansion) read(ctx context.Context, files dryrun.Source) error {
	type outcome struct {
		input *input
		err   error
	}
	var errs []error
	dryrun.Each(ctx, files, func(d manifest.Document, _ bool) outcome {
		in, err := x.decode(d)
		return outcome{in, err}
	}, func(o outcome) {
		if o.err != nil {
			errs = append(errs, o.err)
			return
		}
		if o.input != nil {
			x.inputs = append(x.inputs, o.input)
		}
	}, func(err error, _ bool) {
		errs = append(errs, err)
	})
	return errors.Join(append(errs, ctx.Err())...)
}

// decode reads an object. What only keeps it from being one of its kind is no error yet. It returns nil
// for one that is part of another.
func (x *expansion) decode(d manifest.Document) (*input, error) {
	text, err := d.StrictJSON()
	if err != nil {
		return nil, err
	}
	in := &input{document: d, json: text}
	if in.header, err = dryrun.ReadHeader(text); err != nil {
		return nil, noObject(d, err)
	}
	if key := in.missing(); key != "" {
		return nil, d.Fail("%s is missing; every object of Kubernetes has apiVersion and kind", key)
	}
	in.metadata = readMetadata(text)
	if in.kind = x.judge.Kinds().Of(in.header.GroupKind()); in.kind != nil {
		in.object, in.err = x.world.Decode(in.kind, text)
	}
	switch {
	case d.Within == "":
		return in, nil
	case in.kind == nil:
		return nil, nil // it is written with what it is within
	}
	return nil, d.Fail(
		"%s stands in the items of a %s, which kubectl takes for a List; write kind: List", d.Item, d.Within)
}

// noObject words why a header can't be read.
func noObject(d manifest.Document, err error) error {
	switch {
	case d.Item == "":
		return d.Fail("%s", err)
	case errors.Is(err, dryrun.ErrNoObject):
		return d.Fail("%s must be an object", d.Item)
	}
	return d.Fail("%s.%s", d.Item, err)
}

// missing returns which of the fields is not there that every object has.
func (in *input) missing() string {
	key := "apiVersion"
	switch {
	case in.header.APIVersion != "" && in.header.Kind != "":
		return ""
	case in.header.APIVersion != "":
		key = "kind"
	}
	if in.document.Item != "" {
		key = in.document.Item + "." + key
	}
	return key
}

// readMetadata reads what is there. What is wrong with it is told where the kind is decoded.
func readMetadata(text []byte) metadata {
	var only struct {
		Metadata map[string]jsontext.Value `json:"metadata"`
	}
	_ = jsonv2.Unmarshal(text, &only, jsontext.AllowDuplicateNames(true))
	var out metadata
	fields := map[string]any{"name": &out.name, "namespace": &out.namespace, "annotations": &out.annotations}
	for key, into := range fields {
		_ = jsonv2.Unmarshal(only.Metadata[key], into, jsontext.AllowDuplicateNames(true))
	}
	return out
}

// deployment reports whether it is a Deployment.
func (in *input) deployment() bool {
	return in.kind != nil && in.kind.GroupKind() == fact.DeploymentKind
}

// version returns the Deployment if it is one that has to do with Aviary; else nil.
func (in *input) version() *fact.Workload {
	w, ok := in.object.Fact.(*fact.Workload)
	if !ok || !in.deployment() || w.Terminating || w.Version == nil && len(w.Findings) == 0 {
		return nil
	}
	return w
}
