package glooworld

import (
	"encoding/json"
	"slices"
	"strconv"
)

// delegates returns the tables that a delegateAction of an object in a namespace leads to.
func (w *World) delegates(a *delegateAction, namespace string) []*routeTable {
	var named *ref
	switch {
	case a.Name != "" || a.Namespace != "":
		named = &ref{a.Name, a.Namespace}
	case a.Ref != nil:
		named = a.Ref // Gloo 1.2x gives it no namespace of its own accord.
	case a.Selector != nil:
		return w.selected(a.Selector, namespace)
	default:
		return nil
	}
	if t := w.table(*named); t != nil {
		return []*routeTable{t}
	}
	return nil
}

// selected returns the tables that a selector hits. Gloo 1.2x: one with labels and expressions hits none, and
// neither does one with an expression that is wrong. No namespace means the selector's own.
func (w *World) selected(s *selector, namespace string) (out []*routeTable) {
	wrong := func(e expression) bool { return !e.valid() }
	if len(s.Labels) > 0 && len(s.Expressions) > 0 || slices.ContainsFunc(s.Expressions, wrong) {
		return nil
	}
	for _, t := range w.tables {
		in := slices.Contains(s.Namespaces, "*") || slices.Contains(s.Namespaces, t.Metadata.Namespace) ||
			len(s.Namespaces) == 0 && t.Metadata.Namespace == namespace
		if in && s.hits(t.Metadata.Labels) {
			out = append(out, t)
		}
	}
	return out
}

func (s *selector) hits(labels map[string]string) bool {
	for key, value := range s.Labels {
		if has, ok := labels[key]; !ok || has != value {
			return false
		}
	}
	return !slices.ContainsFunc(s.Expressions, func(e expression) bool { return !e.hits(labels) })
}

// operators are Gloo's in the order of their numbers.
var operators = []string{
	"Equals", "DoubleEquals", "NotEquals", "In", "NotIn", "Exists", "DoesNotExist", "GreaterThan", "LessThan",
}

// operator returns an expression's operator by name; none is the first.
func (e expression) operator() string {
	var name string
	var number int
	switch {
	case json.Unmarshal(e.Operator, &name) == nil && name != "":
		return name
	case json.Unmarshal(e.Operator, &number) == nil && number > 0 && number < len(operators):
		return operators[number]
	}
	return operators[0]
}

// valid reports whether an expression has as many values as its operator takes.
func (e expression) valid() bool {
	switch e.operator() {
	case "Equals", "DoubleEquals", "NotEquals":
		return len(e.Values) == 1
	case "In", "NotIn":
		return len(e.Values) > 0
	case "Exists", "DoesNotExist":
		return len(e.Values) == 0
	case "GreaterThan", "LessThan":
		return len(e.Values) == 1 && isNumber(e.Values[0])
	}
	return false
}

// hits reports whether a valid expression takes an object with labels.
func (e expression) hits(labels map[string]string) bool {
	value, has := labels[e.Key]
	switch e.operator() {
	case "NotEquals", "NotIn":
		return !has || !slices.Contains(e.Values, value)
	case "Exists":
		return has
	case "DoesNotExist":
		return !has
	case "GreaterThan":
		return has && isNumber(value) && number(value) > number(e.Values[0])
	case "LessThan":
		return has && isNumber(value) && number(value) < number(e.Values[0])
	}
	return has && slices.Contains(e.Values, value)
}

func isNumber(text string) bool {
	_, err := strconv.ParseInt(text, 10, 64)
	return err == nil
}

func number(text string) int64 {
	n, _ := strconv.ParseInt(text, 10, 64)
	return n
}
