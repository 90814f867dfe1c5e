package glooworld

import (
	"encoding/json"
	"fmt"
	"slices"
)

// delegating returns a route of an object in a namespace that delegates to new tables, which delegate further
// as deep as is asked for.
func (d *draft) delegating(parent Matcher, namespace string, depth int) route {
	d.groups++
	label := fmt.Sprint("g", d.groups)
	r := route{Matchers: []Matcher{d.parentMatcher(parent)}}
	d.inheritance(&r, 12)
	count := pick(d, 1, 1, 2, 2, 2, 3)
	var tables []*routeTable
	for range count {
		tables = append(tables, d.table(r.Matchers[0], label, depth))
	}
	d.weigh(tables)
	if r.DelegateAction = d.toGroup(label, tables); d.chance(10) {
		r.DelegateAction.Selector, r.DelegateAction.Ref = d.named(tables, namespace)
	}
	if isEverything(r.Matchers[0]) && d.chance(15) {
		r.Matchers = nil
	}
	return r
}

func isEverything(m Matcher) bool {
	kind, text := m.path()
	return kind == prefixPath && text == "/" && m.CaseSensitive == nil &&
		len(m.Headers)+len(m.QueryParameters)+len(m.Methods) == 0
}

// inheritance lets a route say in so many of a hundred cases what it inherits.
func (d *draft) inheritance(r *route, percent int) {
	if yes := d.chance(80); d.chance(percent) {
		r.InheritableMatchers = &yes
	}
	if yes := d.chance(80); d.chance(percent) {
		r.InheritablePathMatchers = &yes
	}
}

// toGroup returns a delegateAction to the tables with a label, or to one of them.
func (d *draft) toGroup(label string, tables []*routeTable) *delegateAction {
	if len(tables) == 1 && d.chance(40) {
		to := tables[0].Metadata.ref()
		return &delegateAction{Ref: &to}
	}
	s := &selector{Namespaces: []string{"*"}}
	switch {
	case d.chance(6):
		s.Namespaces = []string{"a", "b"}
	case d.chance(3):
		s.Namespaces = nil
	}
	if s.Labels = map[string]string{"apiGroup": label}; d.chance(15) {
		s.Labels, s.Expressions = nil, d.expressions(label)
	}
	return &delegateAction{Selector: s}
}

func (d *draft) expressions(label string) []expression {
	of := func(key, operator string, values ...string) expression {
		return expression{Key: key, Operator: json.RawMessage(`"` + operator + `"`), Values: values}
	}
	more := pick(d, of("old", "DoesNotExist"), of("rank", "GreaterThan", "0"), of("rank", "LessThan", "2"),
		of("rank", "Exists"), of("rank", "NotIn", "1"), of("rank", "NotEquals", "2"))
	return []expression{of("apiGroup", pick(d, "In", "Equals", "DoubleEquals"), label), more}
}

// named returns a selector that hits nothing, or a ref: to a table that isn't there, or to one of the tables.
func (d *draft) named(tables []*routeTable, namespace string) (*selector, *ref) {
	switch {
	case d.chance(20):
		return &selector{Labels: map[string]string{"apiGroup": "nobody"}, Namespaces: []string{"*"}}, nil
	case d.chance(10):
		return nil, &ref{"nobody", namespace}
	}
	to := pick(d, tables...).Metadata.ref()
	return nil, &to
}

// table returns a new table for a parent that asks something of requests.
func (d *draft) table(parent Matcher, label string, depth int) *routeTable {
	t := &routeTable{object: head("gateway.solo.io", "RouteTable", pick(d, d.namespaces...), "")}
	t.Metadata.Name = fmt.Sprint("t", len(d.tables))
	t.Metadata.Labels = map[string]string{"apiGroup": label, "rank": pick(d, "0", "1", "2")}
	d.tables, d.parents[t] = append(d.tables, t), parent
	for range 1 + d.IntN(3) {
		t.Spec.Routes = append(t.Spec.Routes, d.route(parent, t.Metadata.Namespace))
	}
	if depth > 0 && d.chance(60) {
		below := d.delegating(parent, t.Metadata.Namespace, depth-1)
		t.Spec.Routes = slices.Insert(t.Spec.Routes, d.IntN(len(t.Spec.Routes)+1), below)
	}
	return t
}

// weigh gives tables weights: none, or such that some have the same one.
func (d *draft) weigh(tables []*routeTable) {
	if d.chance(60) {
		return
	}
	lowest := pick(d, -2, 0, 1)
	for _, t := range tables {
		t.Spec.Weight = int32(lowest + d.IntN(3)) //nolint:gosec // It is at most 3.
	}
}
