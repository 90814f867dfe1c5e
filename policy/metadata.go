package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// metadata is the "custom" part of a rule's METADATA.
type metadata struct {
	Subjects []Subject        `json:"subjects"`
	Mode     modeText         `json:"mode"`
	Params   map[string]Param `json:"params"`
	Fixed    bool             `json:"fixed"`
}

// describe fills the rule from its module's METADATA, and checks that the module keeps the form of README.md.
func (r *Rule) describe() error {
	want := ast.MustParseRef(fmt.Sprintf("data.policy.rules[%q]", r.ID))
	if got := r.module.Package.Path; !got.Equal(want) {
		return fmt.Errorf("package is %s, must be %s", strings.TrimPrefix(got.String(), "data."), strings.TrimPrefix(want.String(), "data."))
	}
	if !slices.ContainsFunc(r.module.Rules, isFindings) {
		return errors.New(`has no set of findings: "findings contains … if { … }"`)
	}
	at := slices.IndexFunc(r.module.Annotations, func(a *ast.Annotations) bool { return a.Scope == "package" })
	if at < 0 {
		return errors.New("has no METADATA above its package")
	}
	said := r.module.Annotations[at]
	custom, err := readMetadata(said.Custom)
	if err != nil {
		return fmt.Errorf("METADATA: %w", err)
	}
	if custom.Mode != "" {
		if r.Mode, err = ParseMode(string(custom.Mode)); err != nil {
			return fmt.Errorf("METADATA: %w", err)
		}
	}
	r.Title, r.Description = said.Title, strings.TrimSpace(said.Description)
	r.Subjects, r.Params, r.Fixed = custom.Subjects, custom.Params, custom.Fixed
	return r.complete()
}

func (r *Rule) complete() error {
	switch {
	case r.Title == "" || r.Description == "":
		return errors.New("METADATA: title and description must be given")
	case len(r.Subjects) == 0:
		return errors.New("METADATA: custom.subjects must name one subject at least")
	case r.Mode == ModeUnset:
		return errors.New("METADATA: custom.mode must be given")
	case r.Fixed && r.Mode != ModeDeny:
		return errors.New("METADATA: a fixed rule's mode must be deny")
	}
	for _, s := range r.Subjects {
		if !slices.Contains(subjects, s) {
			return fmt.Errorf("METADATA: custom.subjects: %q must be one of %v", s, subjects)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(r.Params)) {
		if err := r.Params[name].complete(); err != nil {
			return fmt.Errorf("METADATA: custom.params.%s: %w", name, err)
		}
	}
	return nil
}

func isFindings(rule *ast.Rule) bool {
	return rule.Head.RuleKind() == ast.MultiValue && rule.Head.Ref().String() == "findings"
}

// readMetadata goes through JSON, so that parameters have the types that the configuration's have too.
func readMetadata(custom map[string]any) (metadata, error) {
	text, err := json.Marshal(custom)
	if err != nil {
		return metadata{}, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	var m metadata
	err = decoder.Decode(&m)
	return m, err
}
