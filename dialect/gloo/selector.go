package gloo

import (
	"maps"
	"slices"
	"strconv"
	"strings"
)

// words says what the selector, which stands in own, asks for.
func (s RouteTableSelector) words(own string) string {
	var asked []string
	for _, k := range slices.Sorted(maps.Keys(s.Labels)) {
		asked = append(asked, k+"="+s.Labels[k])
	}
	for _, e := range s.Expressions {
		asked = append(asked, strings.TrimSpace(e.Key+" "+e.operator()+" "+strings.Join(e.Values, ",")))
	}
	if len(s.Labels) > 0 && len(s.Expressions) > 0 {
		return "nothing, because it has labels and expressions"
	}
	what := "every table"
	if len(asked) > 0 {
		what = strings.Join(asked, ", ")
	}
	switch {
	case len(s.Namespaces) == 0:
		return what + " in namespace " + own
	case slices.Contains(s.Namespaces, allNamespaces):
		return what
	}
	return what + " in " + strings.Join(s.Namespaces, ", ")
}

// allNamespaces is Gloo's word for them.
const allNamespaces = "*"

// looksInto reports whether a selector that stands in own picks tables of a namespace.
func (s RouteTableSelector) looksInto(own, namespace string) bool {
	if len(s.Namespaces) == 0 {
		return namespace == own
	}
	return slices.Contains(s.Namespaces, allNamespaces) || slices.Contains(s.Namespaces, namespace)
}

// selects reports whether a table in namespace with these labels is picked by a selector that stands in own.
func (s RouteTableSelector) selects(own, namespace string, labels map[string]string) bool {
	if !s.looksInto(own, namespace) {
		return false
	}
	if len(s.Labels) > 0 && len(s.Expressions) > 0 {
		return false // Gloo warns and selects nothing (docs/gloo-api.md, Selectors)
	}
	for k, v := range s.Labels {
		if is, ok := labels[k]; !ok || is != v {
			return false
		}
	}
	for _, e := range s.Expressions {
		if !e.holds(labels) {
			return false
		}
	}
	return true
}

func (e Expression) operator() string {
	text := strings.Trim(string(e.Operator), `"`)
	if n, err := strconv.Atoi(text); err == nil && n >= 0 && n < len(operators) {
		return operators[n]
	}
	if text == "" || text == "null" {
		return operators[0]
	}
	return text
}

func (e Expression) holds(labels map[string]string) bool {
	value, has := labels[e.Key]
	switch e.operator() {
	case "Equals", "DoubleEquals", "In":
		return has && slices.Contains(e.Values, value)
	case "NotEquals", "NotIn":
		return !has || !slices.Contains(e.Values, value)
	case "Exists":
		return has
	case "DoesNotExist":
		return !has
	case "GreaterThan", "LessThan":
		is, err := strconv.ParseInt(value, 10, 64)
		if err != nil || len(e.Values) != 1 {
			return false
		}
		bound, err := strconv.ParseInt(e.Values[0], 10, 64)
		return err == nil && (e.operator() == "GreaterThan" && is > bound || e.operator() == "LessThan" && is < bound)
	}
	return false
}
