package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"regexp"
	"strings"
	"text/tabwriter"
)

// tally counts the mutants of a group.
type tally struct {
	group          string
	killed, counts int
}

func (t tally) percent() float64 { return 100 * float64(t.killed) / float64(max(t.counts, 1)) }

// count makes the tallies of groups, in order, and that of all; survivors come in order, too.
func count(tested []*mutant) (groups []tally, all tally, survivors []*mutant) {
	all.group = "all"
	for _, m := range tested {
		if m.outcome == stillborn || m.outcome == untested {
			continue
		}
		if len(groups) == 0 || groups[len(groups)-1].group != m.group {
			groups = append(groups, tally{group: m.group})
		}
		g := &groups[len(groups)-1]
		g.counts, all.counts = g.counts+1, all.counts+1
		if m.outcome == killed {
			g.killed, all.killed = g.killed+1, all.killed+1
		} else {
			survivors = append(survivors, m)
		}
	}
	return groups, all, survivors
}

// conclude tells how it went, and writes the page if that is wanted.
func conclude(o options, name string, tested []*mutant) error {
	groups, all, survivors := count(tested)
	old, err := os.ReadFile(name) // #nosec G304 -- a file of ours
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	reasons := readReasons(string(old))
	w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "\tmutants\tkilled\tof them\t")
	for _, t := range append(groups, all) {
		fmt.Fprintf(w, "%s\t%d\t%d\t%.0f %%\t\n", t.group, t.counts, t.killed, t.percent())
	}
	if err := w.Flush(); err != nil {
		return err
	}
	unexplained := 0
	for _, m := range survivors {
		reason := reasons[m.key()]
		if reason == "" {
			unexplained++
			reason = "no reason in " + page
		}
		fmt.Printf("%s:%d: %s: %s survives: %s\n", m.file, m.line, m.in, m.words(), reason)
	}
	if o.write {
		text := []byte(writePage(groups, all, survivors, reasons))
		if err := os.WriteFile(name, text, 0o644); err != nil { // #nosec G306 -- a page for everybody
			return err
		}
	}
	switch {
	case all.percent() < must:
		return fmt.Errorf("%.1f %% of %d mutants are killed, must be %d %%", all.percent(), all.counts, must)
	case unexplained > 0:
		return fmt.Errorf("%d of %d survivors have no reason: kill them, or say in %s why they may live (-write lists them)",
			unexplained, len(survivors), page)
	}
	return nil
}

const pageHead = `<!-- Written by make mutants MUTANTS=-write; only the reasons are written by hand, and kept. -->

# Mutants

A mutant is one small mistake: a condition negated, a comparison moved by one, a statement, an
expression, a definition or an alternative dropped, in packages ` + "`convention` and `route`" + ` and
in the rules' Rego. Tests must notice, and so kill, %d %% of those that compile: for Go the package's
own tests, then those of ` + "`policy/judge`" + `; for a rule its Rego tests, then its stories.
A condition that a key is there is not dropped where the same definition reads the key.
"Equivalent" is said of one that nothing can notice, because what the changed code does is the same.

| where | mutants | killed | |
|---|--:|--:|--:|
`

func writePage(groups []tally, all tally, survivors []*mutant, reasons map[string]string) string {
	var out strings.Builder
	fmt.Fprintf(&out, pageHead, must)
	for _, t := range append(groups, all) {
		fmt.Fprintf(&out, "| %s | %d | %d | %.0f %% |\n", t.group, t.counts, t.killed, t.percent())
	}
	fmt.Fprint(&out, "\n## Survivors\n\n| where | mutant | why it may live |\n|---|---|---|\n")
	for _, m := range survivors {
		row(&out, fmt.Sprintf("%s:%d (%s)", m.file, m.line, m.in), m.words(), reasons[m.key()])
	}
	return out.String()
}

func row(out io.Writer, where, change, reason string) {
	cell := func(text string) string { return strings.ReplaceAll(text, "|", `\|`) }
	fmt.Fprintf(out, "| %s | %s | %s |\n", where, cell(change), cell(reason))
}

var survivorRow = regexp.MustCompile(`(?m)^\| (\S+):\d+ (\(\S+\)) \| (.+) \| (.*) \|$`)

// readReasons reads from a page why survivors may live, by their key.
func readReasons(page string) map[string]string {
	reasons := map[string]string{}
	for _, cells := range survivorRow.FindAllStringSubmatch(page, -1) {
		key := fmt.Sprintf("%s %s | %s", cells[1], cells[2], strings.ReplaceAll(cells[3], `\|`, "|"))
		reasons[key] = strings.TrimSpace(strings.ReplaceAll(cells[4], `\|`, "|"))
	}
	return reasons
}
