package policy

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Param is one parameter of a rule: what holds without a configuration, and what the configuration
// may say.
type Param struct {
	// Default also fixes the kind: a number, a whole number, true or false, a text, a list.
	Default any `json:"default"`
	// Description is for people; empty for a parameter that METADATA has as its plain default.
	Description string `json:"description,omitempty"`
	// Minimum and Maximum bound a number; nil for no bound.
	Minimum *float64 `json:"minimum,omitempty"`
	Maximum *float64 `json:"maximum,omitempty"`
	// Enum lists the possible values, or the possible elements of a list; empty for any.
	Enum []any `json:"enum,omitempty"`
}

// UnmarshalJSON reads a mapping as the whole schema and anything else as the default alone.
func (p *Param) UnmarshalJSON(text []byte) error {
	if !bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) {
		return json.Unmarshal(text, &p.Default)
	}
	type schema Param // without this method
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode((*schema)(p))
}

// complete checks the schema itself.
func (p Param) complete() error {
	kind := kindOf(p.Default)
	switch {
	case p.Default == nil:
		return errors.New("must have a default")
	case (p.Minimum != nil || p.Maximum != nil) && !isNumber(p.Default):
		return fmt.Errorf("minimum and maximum are for numbers, the default is %s", kind)
	}
	if wrong := p.check(p.Default); wrong != "" {
		return fmt.Errorf("the default %s", wrong)
	}
	return nil
}

// check says what is wrong with the value: "must be …, is …"; empty if nothing is.
func (p Param) check(value any) string {
	want, got := kindOf(p.Default), kindOf(value)
	switch {
	case want != got && (want != "a number" || got != "a whole number"):
		return "must be " + p.allowed() + ", is " + got
	case !p.inRange(value), !p.inEnum(value):
		return "must be " + p.allowed() + ", is " + show(value)
	}
	return ""
}

// allowed says which values there may be: "a whole number from 1 to 100".
func (p Param) allowed() string {
	kind := kindOf(p.Default)
	switch {
	case len(p.Enum) > 0:
		texts := make([]string, len(p.Enum))
		for i, e := range p.Enum {
			texts[i] = show(e)
		}
		if _, list := p.Default.([]any); list {
			return "a list of " + strings.Join(texts, ", ")
		}
		return "one of " + strings.Join(texts, ", ")
	case p.Minimum != nil && p.Maximum != nil:
		return kind + " from " + show(*p.Minimum) + " to " + show(*p.Maximum)
	case p.Minimum != nil:
		return kind + " of at least " + show(*p.Minimum)
	case p.Maximum != nil:
		return kind + " of at most " + show(*p.Maximum)
	}
	return kind
}

func (p Param) inRange(value any) bool {
	n, ok := toFloat(value)
	return !ok || (p.Minimum == nil || n >= *p.Minimum) && (p.Maximum == nil || n <= *p.Maximum)
}

func (p Param) inEnum(value any) bool {
	if len(p.Enum) == 0 {
		return true
	}
	elements, list := value.([]any)
	if !list {
		elements = []any{value}
	}
	return !slices.ContainsFunc(elements, func(e any) bool {
		return !slices.ContainsFunc(p.Enum, func(allowed any) bool { return show(allowed) == show(e) })
	})
}

func isNumber(value any) bool {
	_, ok := toFloat(value)
	return ok
}

func toFloat(value any) (float64, bool) {
	switch v := value.(type) {
	case int:
		return float64(v), true
	case int64:
		return float64(v), true
	case float64:
		return v, true
	}
	return 0, false
}

// show writes a value as JSON does, but numbers without an exponent.
func show(value any) string {
	if n, ok := toFloat(value); ok {
		return strconv.FormatFloat(n, 'f', -1, 64)
	}
	text, err := json.Marshal(value)
	if err != nil {
		return fmt.Sprint(value)
	}
	return string(text)
}
