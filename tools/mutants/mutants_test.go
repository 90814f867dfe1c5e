package main

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const goSource = `package x

func f(a, b int) (int, error) {
	if a < b && a != 0 {
		b++
		return b, nil
	}
	n, err := f(b, a)
	if err != nil {
		return 0, err
	}
	switch {
	case n == 1:
		n = 2
	}
	return n, nil
}
`

func TestGoSites(t *testing.T) {
	t.Parallel()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "x.go", goSource, 0)
	if err != nil {
		t.Fatal(err)
	}
	all := findSites(fset, file, []byte(goSource))
	var got []string
	var ids []int
	for _, s := range all {
		got, ids = append(got, s.change), append(ids, 7)
	}
	want := []string{
		"`return n, nil` dropped",
		"`a < b && a != 0` negated", "`a < b` negated", "`a != 0` negated", "`a < b` made `a <= b`",
		"`b++` dropped", "`return b, nil` dropped",
		"`err != nil` negated",
		"`n == 1` negated", "`n = 2` dropped",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findSites(): -want +got:\n%s", diff)
	}
	if _, err := parser.ParseFile(fset, "x.go", instrument([]byte(goSource), all, ids), 0); err != nil {
		t.Errorf("all of them together: %v", err)
	}
}

// A mutant of Go that is awake is one that tests see; asleep it is not there.
func TestInstrumented(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":     "module example.dev\n\ngo 1.26.0\n",
		"own/own.go": "package own\n\nfunc Above(n int) bool {\n\treturn n >= 1\n}\n",
		"own/o_test.go": `package own

import "testing"

func TestAbove(t *testing.T) {
	if !Above(2) {
		t.Fatal()
	}
}
`,
		"last/l_test.go": `package last

import (
	"testing"

	"example.dev/own"
)

func TestAbove(t *testing.T) {
	if !own.Above(1) {
		t.Fatal()
	}
}
`,
	} {
		name = filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	all, err := goMutants(t.Context(), dir, []string{"own"}, "last", t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	if err := testAll(t.Context(), all, 1, func(int) {}); err != nil {
		t.Fatal(err)
	}
	got := map[string]outcome{}
	for _, m := range all {
		got[m.change] = m.outcome
	}
	if diff := cmp.Diff(map[string]outcome{"`n >= 1` made `n > 1`": killed}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

const regoSource = `package policy.rules.x

findings contains x if {
	some x in input.xs
	not x.fine
	count(x.all) > 1
}

word := "few" if {
	input.n < 3
} else := "many"

other := [x | some x in input.xs; x.a == 1]

said(x) := sprintf("%s", [x.why]) if {
	x.why
	x.kind
}
`

func TestRegoMutants(t *testing.T) {
	t.Parallel()
	found, err := findRego("x.rego", []byte(regoSource))
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, m := range found {
		got = append(got, m.in+": "+m.change)
		if strings.TrimSpace(string(m.source)) == strings.TrimSpace(regoSource) {
			t.Errorf("%s changes nothing", m.change)
		}
	}
	want := []string{
		"findings: `some x in input.xs` dropped",
		"findings: `not x.fine` negated", "findings: `not x.fine` dropped",
		"findings: `count(x.all) > 1` negated", "findings: `count(x.all) > 1` made `count(x.all) >= 1`",
		"findings: `count(x.all) > 1` dropped",
		"word: `input.n < 3` negated", "word: `input.n < 3` made `input.n <= 3`", "word: `input.n < 3` dropped",
		"word: `else := \"many\"` dropped",
		"other: `some x in input.xs` dropped",
		"other: `x.a == 1` negated", "other: `x.a == 1` dropped",
		"said: `x.why` negated", "said: `x.kind` negated", "said: `x.kind` dropped",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findRego(): -want +got:\n%s", diff)
	}
}

// Reasons stay when the page is written anew, though lines move.
func TestReasonsAreKept(t *testing.T) {
	t.Parallel()
	m := &mutant{group: "x", file: "x/x.go", in: "f", line: 7, change: "`a || b` negated", outcome: survived}
	groups, all, survivors := count([]*mutant{m})
	page := writePage(groups, all, survivors, map[string]string{m.key(): "Equivalent: a | b."})
	m.line = 9
	if diff := cmp.Diff(map[string]string{m.key(): "Equivalent: a | b."}, readReasons(page)); diff != "" {
		t.Errorf("readReasons(): -want +got:\n%s\n%s", diff, page)
	}
}

func TestSample(t *testing.T) {
	t.Parallel()
	all := []*mutant{{line: 1}, {line: 2}, {line: 3}, {line: 4}, {line: 5}, {line: 6}}
	lines := func(ms []*mutant) (out []int) {
		for _, m := range ms {
			out = append(out, m.line)
		}
		return out
	}
	first, again := lines(sample(all, 3, 1)), lines(sample(all, 3, 1))
	if diff := cmp.Diff(first, again); diff != "" || len(first) != 3 || first[0] >= first[1] || first[1] >= first[2] {
		t.Errorf("sample() = %v, then %v; want the same three in order", first, again)
	}
	if got := sample(all, 0, 1); len(got) != len(all) {
		t.Errorf("sample() of 0 has %d, want all", len(got))
	}
}
