package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// metadata is the "custom" part of a rule's METADATA.
type metadata struct {
	Subjects []Subject        `json:"subjects"`
	Dialects *[]string        `json:"dialects"`
	Mode     modeText         `json:"mode"`
	Params   map[string]Param `json:"params"`
	Fixed    bool             `json:"fixed"`
	Kept     bool             `json:"kept"`
	Absence  bool             `json:"absence"`
}

// describe fills the rule from its module's METADATA, and checks that the module keeps the form of
// README.md.
func (r *Rule) describe() error {
	want := ast.MustParseRef(fmt.Sprintf("data.policy.rules[%q]", r.ID))
	if got := r.module.Package.Path; !got.Equal(want) {
		name := func(r ast.Ref) string { return strings.TrimPrefix(r.String(), "data.") }
		return fmt.Errorf("package is %s, must be %s", name(got), name(want))
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
	r.Subjects, r.Params = custom.Subjects, custom.Params
	r.Fixed, r.Kept, r.Absence = custom.Fixed, custom.Kept, custom.Absence
	if custom.Dialects != nil {
		r.Dialects = append([]string{}, *custom.Dialects...)
	}
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
			var known []string
			for _, k := range subjects {
				known = append(known, string(k))
			}
			return fmt.Errorf("METADATA: custom.subjects: %q is unknown%s", s, suggestKey(string(s), known))
		}
	}
	if err := checkDialects(r.Dialects); err != nil {
		return fmt.Errorf("METADATA: custom.dialects: %w", err)
	}
	for _, name := range slices.Sorted(maps.Keys(r.Params)) {
		if err := r.Params[name].complete(); err != nil {
			return fmt.Errorf("METADATA: custom.params.%s: %w", name, err)
		}
	}
	return nil
}

var dialectName = regexp.MustCompile(`^[a-z][a-z0-9]*$`)

// checkDialects checks the form. Which dialects there are is known where a folder is read.
func checkDialects(names []string) error {
	if names != nil && len(names) == 0 {
		return errors.New("must name one dialect at least; leave it out for a rule about all of them")
	}
	for i, name := range names {
		switch {
		case !dialectName.MatchString(name):
			return fmt.Errorf("%q must be a name in lower case, for example gloo", name)
		case slices.Contains(names[:i], name):
			return fmt.Errorf("%s stands twice", name)
		}
	}
	return nil
}

func isFindings(rule *ast.Rule) bool {
	return rule.Head.RuleKind() == ast.MultiValue && rule.Head.Ref().String() == "findings"
}

// readMetadata goes through JSON, so that parameters have the types that those of the configuration
// have, too.
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
