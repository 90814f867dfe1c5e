package glooworld

import (
	"cmp"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Aspects are what is compared of a world, in the order of the columns of [Row].
var Aspects = []string{"order", "dropped", "droppedBy", "unreached", "frozen", "refused", "answers"}

// Difference is where the model and Gloo disagree about a world.
type Difference struct {
	World, Aspect, Gloo, Model string
}

func (d Difference) String() string {
	return fmt.Sprintf("%s: %s:\n  Gloo:  %s\n  model: %s", d.World, d.Aspect, d.Gloo, d.Model)
}

// Compare holds the model to a record.
func Compare(r Record) ([]Difference, error) {
	world, err := Read(r.Objects)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", r.ID, err)
	}
	c := comparison{record: r, model: world.Translate()}
	c.order()
	c.lists("dropped", r.Gloo.Dropped, c.model.Dropped)
	c.drops()
	c.lists("unreached", r.Gloo.UnreachedTables, c.model.UnreachedTables)
	c.frozen()
	c.refused()
	c.answers()
	return c.found, nil
}

type comparison struct {
	record Record
	model  Translation
	found  []Difference
}

// hold compares what JSON makes of two values.
func (c *comparison) hold(aspect string, gloo, model any) {
	want, got := inJSON(gloo), inJSON(model)
	if want != got {
		c.found = append(c.found, Difference{c.record.ID, aspect, want, got})
	}
}

func inJSON(value any) string {
	out, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	return string(out)
}

// lists compares lists whose order doesn't count.
func (c *comparison) lists(aspect string, gloo, model []string) {
	c.hold(aspect, slices.Sorted(slices.Values(gloo)), slices.Sorted(slices.Values(model)))
}

// order compares entry by entry, for each name of a virtual host.
func (c *comparison) order() {
	orders := map[string][]EnvoyRoute{}
	for _, h := range c.model.VirtualHosts {
		orders[h.Name()] = nil
		if len(h.Faults) == 0 {
			orders[h.Name()] = append([]EnvoyRoute{}, h.Routes...)
		}
	}
	names := slices.Concat(slices.Collect(maps.Keys(orders)), slices.Collect(maps.Keys(c.record.Gloo.Order)))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		c.hold("order", c.record.Gloo.Order[name], orders[name])
	}
}

// drops compares them once each: a parent that is reached twice drops a route twice.
func (c *comparison) drops() {
	sorted := func(list []Drop) []Drop {
		return slices.Compact(slices.SortedFunc(slices.Values(list), func(a, b Drop) int {
			return cmp.Or(cmp.Compare(a.Route, b.Route), cmp.Compare(a.Parent, b.Parent), cmp.Compare(a.For, b.For))
		}))
	}
	c.hold("droppedBy", sorted(c.record.Gloo.DroppedBy), sorted(c.model.DroppedBy))
}

// frozen compares which VirtualServices are held back, and for what. The record lists only those that had
// routes before: one that brings the fault in has no order, either.
func (c *comparison) frozen() {
	held := slices.Clone(c.record.Gloo.FrozenVirtualServices)
	var faults []string
	for _, h := range c.model.VirtualHosts {
		faults = append(faults, h.Faults...)
		if order, known := c.record.Gloo.Order[h.Name()]; known && order == nil {
			held = append(held, h.VirtualService)
		}
	}
	c.lists("frozen", unique(held), c.model.Frozen())
	c.lists("frozen", c.record.classes("frozen:"), unique(faults))
}

// refused compares what makes Envoy refuse the configuration, and how many such things there are.
func (c *comparison) refused() {
	c.lists("refused", c.record.classes("envoy-refused:"), unique(c.model.Refusals))
	c.hold("refused", c.record.Gloo.EnvoyConstraintViolations, len(c.model.Refusals))
}

func (c *comparison) answers() {
	for _, p := range c.record.Gloo.Probes {
		var got *Source
		if route, ok := c.model.Answer(p.Request); ok {
			got = &route.Source
		}
		c.hold("answers", p.Answer, got)
	}
}

// classes returns the classes that begin with a prefix, without it.
func (r Record) classes(prefix string) (out []string) {
	for _, class := range r.Class {
		if name, ok := strings.CutPrefix(class, prefix); ok {
			out = append(out, name)
		}
	}
	return out
}

func unique(list []string) []string { return slices.Compact(slices.Sorted(slices.Values(list))) }
