package gloo

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/selection"
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
	switch _, ok := s.conditions(); {
	case len(s.Labels) > 0 && len(s.Expressions) > 0:
		return "nothing, because it has labels and expressions"
	case !ok:
		return "nothing, because one of its expressions can't be read (" + strings.Join(asked, ", ") + ")"
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

// lookedInto returns the namespaces of which a selector that stands in own picks tables, each once.
func (s RouteTableSelector) lookedInto(own string) []string {
	switch {
	case len(s.Namespaces) == 0:
		return []string{own}
	case slices.Contains(s.Namespaces, allNamespaces):
		return []string{allNamespaces}
	}
	return slices.Compact(slices.Sorted(slices.Values(s.Namespaces)))
}

// conditions reads what tables must be labelled with; false if Gloo selects nothing by it, as with labels and
// expressions at once, or an expression that Kubernetes would refuse (docs/gloo-api.md, Selectors).
func (s RouteTableSelector) conditions() (labels.Selector, bool) {
	if len(s.Labels) > 0 && len(s.Expressions) > 0 {
		return nil, false
	}
	out := labels.SelectorFromSet(s.Labels)
	for _, e := range s.Expressions {
		r, err := labels.NewRequirement(e.Key, comparisons[e.operator()], e.Values)
		if err != nil {
			return nil, false
		}
		out = out.Add(*r)
	}
	return out, true
}

// comparisons are Kubernetes' words for Gloo's operators.
var comparisons = map[string]selection.Operator{
	"Equals": selection.Equals, "DoubleEquals": selection.DoubleEquals, "NotEquals": selection.NotEquals,
	"In": selection.In, "NotIn": selection.NotIn, "Exists": selection.Exists, "DoesNotExist": selection.DoesNotExist,
	"GreaterThan": selection.GreaterThan, "LessThan": selection.LessThan,
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
