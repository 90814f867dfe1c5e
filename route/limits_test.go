package route

import (
	"slices"
	"strings"
	"testing"
)

// Each limit is reached by the last thing that is still read, and passed by the next one.

func TestLimitsOfExpressions(t *testing.T) {
	t.Parallel()
	of := func(n int) string { return strings.Repeat("a", n) }
	eight := &expression{Regexp: whole("a*"), size: 8}
	large := func(text string) bool { return compile(text).prog == nil }
	for name, c := range map[string]struct{ last, next bool }{
		"Length":       {pattern(of(maxPattern)) != nil, pattern(of(maxPattern+1)) == nil},
		"Cost":         {pattern(costing(maxCost)) != nil, pattern(costing(maxCost+1)) == nil},
		"Instructions": {!large("a{998}"), large("a{999}")},
		"Match":        {eight.fitsText(of(maxMatch / 8)), !eight.fitsText(of(maxMatch/8 + 1))},
		"Methods":      {eight.affords([]string{of(1000), of(24)}), !eight.affords([]string{of(1000), of(25)})},
		"Samples":      {len(samples(1000, maxMatch)) == 2, samples(1000, maxMatch+1) == nil},
		"Sample":       {len(samples(maxPattern, 0)) == 2, len(samples(maxPattern+1, 0)) == 0},
		"Parts":        {len(Path{Regex, "/[a-d][a-d]"}.parts()) == maxParts, len(Path{Regex, "/[a-d][a-d]|/"}.parts()) == 1},
		"Steps":        {!(&taker{steps: maxSteps}).full(), (&taker{steps: maxSteps + 1}).full()},
		"Class":        {len(Path{Regex, "/[a-d]"}.parts()) == maxRunes, len(Path{Regex, "/[a-e]"}.parts()) == 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if !c.last || !c.next {
				t.Errorf("the last is within: %t, the next is beyond: %t", c.last, c.next)
			}
		})
	}
}

// costing is an expression that costs that much to parse.
func costing(cost int) string {
	classes := strings.Repeat(`\pL`, 31)
	return classes + strings.Repeat("a", cost-CostOfRegex(classes))
}

// samples are those of an expression that fits one text of that length.
func samples(length, size int) []string {
	text := "(a{500}){2}" + strings.Repeat("b", length-1000)
	return samplesOf(simple(text), whole(text), size)
}

// An expression that can't be taken apart has one way of writing, unless that is too long to be read.
func TestLimitOfWriting(t *testing.T) {
	t.Parallel()
	for _, n := range []int{1, maxPattern - 26, maxPattern - 25} {
		end := strings.Repeat("x", n)
		was, anew := "/"+strings.Repeat("[ab]", 5)+end, "/"+strings.Repeat("[a-b]", 5)+end
		if len(anew) > maxPattern {
			anew = was
		}
		if got := (Path{Regex, was}).parts(); !slices.Equal(got, []Path{{Regex, anew}}) {
			t.Errorf("with %d characters at its end: %s", n, got)
		}
	}
}

// Routes with expressions are compared until that took too much effort, and others always.
func TestLimitOfComparisons(t *testing.T) {
	t.Parallel()
	plain, three := &Route{}, &Route{Matchers: make([]Matcher, 3)}
	of := func(m Matcher) *Route { return &Route{Matchers: []Matcher{m}} }
	paths, methods := of(Matcher{Path: Path{Regex, "/a.*"}}), of(Matcher{Methods: []string{"P.*"}})
	for name, c := range map[string]struct {
		a, b *Route
		cost int
	}{
		"Plain": {plain, three, 0}, "Path": {paths, plain, 50}, "Methods": {methods, plain, 50},
		"WithThree": {paths, three, 150},
	} {
		for _, over := range []int{0, 1} {
			x := &coverIndex{efforts: maxRest - c.cost + over}
			if got := x.afford(c.a, c.b); got != (over == 0) || x.efforts != maxRest+over {
				t.Errorf("%s: afford() = %t at %d of %d", name, got, x.efforts, maxRest)
			}
		}
	}
}

// To compare an expression with anything is a greater effort.
func TestEffort(t *testing.T) {
	t.Parallel()
	plain := Matcher{Path: Path{Prefix, "/a"}, Methods: []string{"GET"}}
	for _, m := range []Matcher{{Path: Path{Regex, "/a.*"}}, {Methods: []string{"P.*"}}} {
		if one, other := effort(m, plain), effort(plain, m); one != 50 || other != 50 {
			t.Errorf("%v: %d and %d", m, one, other)
		}
	}
	if got := effort(plain, plain); got != 1 {
		t.Errorf("of two plain ones: %d", got)
	}
}

// What lies beyond the limit of looking for rests is taken to be there.
func TestLimitOfRests(t *testing.T) {
	t.Parallel()
	path, host := Path{Prefix, "/a"}, Header{Name: "host", Value: "a.example"}
	stage, beta := Header{Name: "stage", Value: "canary"}, Header{Name: "beta"}
	table := Table{Routes: []Route{
		{Matchers: []Matcher{{Path: path, Headers: []Header{stage}}}},
		{Matchers: []Matcher{{Path: path, Headers: []Header{beta}}}},
	}}
	left := func(looked int, headers ...Header) (ObstacleKind, int) {
		r := rests{table: table, s: AsWritten{}, covers: newCoverIndex(table), looked: looked}
		kind, _ := r.left(Matcher{Path: path, Headers: headers})
		return kind, r.looked
	}
	for _, headers := range [][]Header{{stage}, {host, stage}} {
		kind, looked := left(0, headers...)
		if kind != Lone || looked != 6 { // each route, and what both take of two states
			t.Errorf("%v: %q after %d", headers, kind, looked)
		}
		last, _ := left(maxRest-looked, headers...)
		if next, _ := left(maxRest-looked+1, headers...); last != Lone || next != "" {
			t.Errorf("%v: %q at the limit, %q beyond", headers, last, next)
		}
	}
	if kind, looked := left(0, host); kind != "" || looked != 0 {
		t.Errorf("only a host: %q after %d, want no look", kind, looked)
	}
	for over, want := range []bool{false, true} {
		r := rests{table: table, s: AsWritten{}, covers: newCoverIndex(table), looked: maxRest - 2 + over}
		bare := Matcher{Path: path}
		if got := r.whole(bare, r.covers.sorted(bare)); got != want {
			t.Errorf("%d beyond the limit: whole() = %t", over, got)
		}
	}
}

// Few combinations of values are tried.
func TestLimitOfValues(t *testing.T) {
	t.Parallel()
	for before, want := range map[int]int{2: 3, maxStates - 1: maxStates, maxStates: maxStates} {
		if got := len(told(make([]value, before), Header{Value: "a"})); got != want {
			t.Errorf("%d values and one more are %d", before, got)
		}
	}
	if got := told(nil, Header{}); len(got) > 0 {
		t.Errorf("presence tells apart %v", got)
	}
}

// In a table that is too large, another order counts as one that matters.
func TestLimitOfOrder(t *testing.T) {
	t.Parallel()
	for _, n := range []int{fewRoutes, fewRoutes + 1} {
		order := make([]int, n)
		for i := range order {
			order[i] = i
		}
		if distinct(n).Differs(order) {
			t.Errorf("%d routes as written differ", n)
		}
		order[0], order[1] = 1, 0
		if got := distinct(n).Differs(order); got != (n > fewRoutes) {
			t.Errorf("%d routes, of which /0 and /1 change places: %t", n, got)
		}
	}
}
