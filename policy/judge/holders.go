package judge

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
)

// own reports whether the namespace is that of the object under judgement.
func (d *decision) own(namespace string) bool { return namespace == placeOf(d.request.id()) }

// compareFar sorts namespaces, the object's own first.
func (d *decision) compareFar(a, b string) int {
	switch {
	case a == b:
		return 0
	case d.own(a):
		return -1
	case d.own(b):
		return 1
	}
	return cmp.Compare(a, b)
}

// reached reports whether requests come to a table of another namespace: rules let none hold the object to which none
// come. Nil for a table of the object's own namespace, which holds it in any case.
func (d *decision) reached(ctx context.Context, t *fact.Table) (*bool, error) {
	if d.own(t.Namespace) {
		return nil, nil
	}
	is, err := d.isReached(ctx, t)
	return input.Bool(is), err
}

// isReached reports whether requests come in at the table, or something hands them on to it, or to a table that takes
// its destinations from it.
func (d *decision) isReached(ctx context.Context, t *fact.Table) (bool, error) {
	if is, err := d.isLedTo(ctx, t); is || t.Led || err != nil {
		return is, err
	}
	tables, err := d.after.TablesTo(ctx, t.ID)
	for _, o := range tables {
		if err = cmp.Or(err, ctx.Err()); err != nil {
			break
		}
		var is bool
		if is, err = d.isLedTo(ctx, o); is {
			return true, nil
		}
	}
	return false, err
}

func (d *decision) isLedTo(ctx context.Context, t *fact.Table) (bool, error) {
	if t.Entry != nil || !t.Led {
		return t.Entry != nil, nil
	}
	in := d.kinds.Dialect(t.GroupKind)
	parents, err := d.parents()
	if in.Name() != d.dialect.Name() {
		parents, err = in.Parents(ctx, d.after)
	}
	if err != nil {
		return false, err
	}
	leads, _ := parents.Lead(t)
	return leads, nil
}

// holders are the namespaces of the tables that may hold the object: its own, and others in which one is led to.
func (d *decision) holders(ctx context.Context, tables []*fact.Table) ([]string, error) {
	var out []string
	for _, t := range tables {
		if slices.Contains(out, t.Namespace) {
			continue
		}
		reached, err := d.reached(ctx, t)
		if err != nil {
			return nil, err
		}
		if reached == nil || *reached {
			out = append(out, t.Namespace)
		}
	}
	slices.Sort(out)
	return out, nil
}

// foreign are, of each way, the namespaces of the parents on it that are others than the one given, each set once; nil
// if a way has none.
func foreign(own string, ways []dialect.Way) [][]string {
	var out [][]string
	for _, way := range ways {
		var others []string
		for _, t := range way.Through() {
			if t.Namespace != own {
				others = append(others, t.Namespace)
			}
		}
		if len(others) == 0 {
			return nil
		}
		slices.Sort(others)
		out = append(out, slices.Compact(others))
	}
	slices.SortFunc(out, slices.Compare)
	return slices.CompactFunc(out, slices.Equal)
}

// waysKey is one text for what [foreign] returns.
func waysKey(ways [][]string) string {
	var out strings.Builder
	for _, way := range ways {
		out.WriteString(strings.Join(way, "+") + ",")
	}
	return out.String()
}
