package glooworld

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Row is how often the model agrees with Gloo about the worlds of a class.
type Row struct {
	Class  string
	Worlds int
	Agree  []int // Worlds that agree, for each of Aspects.
}

// Agreement returns a row for each class, and one for all worlds at the end; and all differences.
func Agreement(records []Record) ([]Row, []Difference, error) {
	rows := map[string]*Row{}
	total := &Row{Class: "all", Agree: make([]int, len(Aspects))}
	var all []Difference
	for _, r := range records {
		found, err := Compare(r)
		if err != nil {
			return nil, nil, err
		}
		all = append(all, found...)
		total.count(found)
		for _, class := range r.Class {
			if rows[class] == nil {
				rows[class] = &Row{Class: class, Agree: make([]int, len(Aspects))}
			}
			rows[class].count(found)
		}
	}
	var out []Row
	for _, class := range slices.Sorted(maps.Keys(rows)) {
		out = append(out, *rows[class])
	}
	return append(out, *total), all, nil
}

// count counts a world with its differences.
func (r *Row) count(found []Difference) {
	r.Worlds++
	for i, aspect := range Aspects {
		if !slices.ContainsFunc(found, func(d Difference) bool { return d.Aspect == aspect }) {
			r.Agree[i]++
		}
	}
}

// Markdown returns rows as a table.
func Markdown(rows []Row) string {
	var b strings.Builder
	b.WriteString("| class | worlds | " + strings.Join(Aspects, " | ") + " |\n")
	b.WriteString("|---|--:|" + strings.Repeat("--:|", len(Aspects)) + "\n")
	for _, r := range rows {
		fmt.Fprintf(&b, "| `%s` | %d |", r.Class, r.Worlds)
		for _, n := range r.Agree {
			fmt.Fprintf(&b, " %d |", n)
		}
		b.WriteString("\n")
	}
	return b.String()
}
