package route_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/route"
)

func at(kind route.PathKind, value string) route.Matcher {
	return route.Matcher{Path: route.Path{Kind: kind, Value: value}}
}

// loud is at without regard to case.
func loud(kind route.PathKind, value string) route.Matcher {
	m := at(kind, value)
	m.CaseInsensitive = true
	return m
}

func TestPathKeys(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		path  route.Path
		key   string
		above []string
	}{
		"Root":       {route.Path{Kind: route.Prefix, Value: "/"}, "/", nil},
		"Empty":      {route.Path{Kind: route.Prefix}, "/", nil},
		"OneSegment": {route.Path{Kind: route.Prefix, Value: "/Echo/"}, "/echo", nil},
		"Deep":       {route.Path{Kind: route.Exact, Value: "/a/b/c"}, "/a/b/c", []string{"/a/b", "/a"}},
		"Regex":      {route.Path{Kind: route.Regex, Value: "/A/.*"}, "~/A/.*", nil},
		"NoPath":     {route.Path{}, "", nil},
		"Connect":    {route.Path{Kind: route.Connect}, "", nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.path.Key(); got != tc.key {
				t.Errorf("Key() = %q, want %q", got, tc.key)
			}
			if diff := cmp.Diff(tc.above, tc.path.Above()); diff != "" {
				t.Errorf("Above(): -want +got:\n%s", diff)
			}
		})
	}
}

func TestPathRelations(t *testing.T) {
	t.Parallel()
	anyCase := at(route.Prefix, "/ECHO")
	anyCaseBelow := at(route.Prefix, "/ECHO/x")
	anyCase.CaseInsensitive, anyCaseBelow.CaseInsensitive = true, true
	cases := map[string]struct {
		reason string
		m, o   route.Matcher
		want   route.Relation
	}{
		"Equal": {"the same text", at(route.Prefix, "/echo"), at(route.Prefix, "/echo"), route.Same},
		"ExactOfPrefix": {
			"an exact path is one of the prefix's", at(route.Exact, "/echo"), at(route.Prefix, "/echo"), route.Same,
		},
		"Slash":        {"all but one request beneath", at(route.Prefix, "/echo/"), at(route.Prefix, "/echo"), route.Same},
		"Case":         {"paths have case", at(route.Prefix, "/Echo"), at(route.Prefix, "/echo"), route.Apart},
		"AnyCase":      {"unless one has not", anyCase, at(route.Prefix, "/echo"), route.Same},
		"AnyCaseUnder": {"beneath as well", at(route.Prefix, "/echo/x"), anyCase, route.Beneath},
		"CaseUnderAny": {"whichever of them it is", anyCaseBelow, at(route.Prefix, "/echo"), route.Beneath},
		"ExactBeneath": {"an exact path, too", at(route.Exact, "/echo/x"), at(route.Prefix, "/echo"), route.Beneath},
		"Beneath":      {"by segment", at(route.Prefix, "/echo/x"), at(route.Prefix, "/echo"), route.Beneath},
		"LongerWord":   {"not by text", at(route.Prefix, "/echoes"), at(route.Prefix, "/echo"), route.Apart},
		"Above":        {"the other way round", at(route.Prefix, "/echo"), at(route.Prefix, "/echo/x"), route.Above},
		"BeneathExact": {
			"an exact path has nothing beneath", at(route.Prefix, "/echo/x"), at(route.Exact, "/echo"), route.Apart,
		},
		"Root":         {"nothing counts as beneath /", at(route.Prefix, "/echo"), at(route.Prefix, "/"), route.Apart},
		"RootTwice":    {"but / is /", at(route.Prefix, "/"), at(route.Prefix, "/"), route.Same},
		"Regex":        {"equal text", at(route.Regex, "/e.*"), at(route.Regex, "/e.*"), route.Same},
		"RegexOfText":  {"it fits that path", at(route.Regex, "/echo"), at(route.Prefix, "/echo"), route.Fits},
		"RegexOfExact": {"it fits", at(route.Regex, "/e[a-z]+"), at(route.Exact, "/echo"), route.Fits},
		"RegexBeside":  {"it does not fit", at(route.Regex, "/e[0-9]+"), at(route.Exact, "/echo"), route.Apart},
		"RegexOfBelow": {"it fits paths beneath", at(route.Regex, "/echo/.+"), at(route.Prefix, "/echo"), route.Fits},
		"RegexBeneath": {
			"all that fits lies beneath", at(route.Regex, "/echo/v[0-9]"), at(route.Prefix, "/echo"), route.Beneath,
		},
		"RegexOfRoot": {"nothing counts as beneath /", at(route.Regex, "/echo/v[0-9]"), at(route.Prefix, "/"), route.Apart},
		"Fitted":      {"the other fits it", at(route.Prefix, "/echo"), at(route.Regex, "/e.*"), route.Fitted},
		"BeginsRegex": {"all that fits", at(route.Prefix, "/ech"), at(route.Regex, "/echo/.*"), route.Begins},
		"BeginsLarge": {"whatever follows", at(route.Prefix, "/echo"), at(route.Regex, "/echo/a{999}"), route.Begins},
		"BeginsClass": {"whatever it is made of", at(route.Prefix, "/echo"), at(route.Regex, "/ech[o]/[0-9]+"), route.Begins},
		"RootOfRegex": {"as everything", at(route.Prefix, "/"), at(route.Regex, "/echo/.*"), route.Begins},
		"LongerRegex": {
			"some that fits goes on otherwise", at(route.Prefix, "/echo/a"), at(route.Regex, "/echo/(a|b)/c"),
			route.Apart,
		},
		"OtherCase": {"a regex has one", at(route.Prefix, "/ECH"), at(route.Regex, "/echo/.*"), route.Apart},
		"NoCase": {
			"written in one of its cases", at(route.Prefix, "/echo"), at(route.Regex, "(?i)/ECHO/v[0-9]"), route.Begins,
		},
		"NoCaseHere": {
			"not in this case", at(route.Prefix, "/ECHO"), at(route.Regex, "/(?i:e)cho/v[0-9]"), route.Apart,
		},
		"NoCaseAtAll": {"in any", anyCase, at(route.Regex, "(?i)/echo/v[0-9]"), route.Begins},
		"NoCaseElsewhere": {
			"not what it begins with", at(route.Prefix, "/echo/v1"), at(route.Regex, "(?i)/echo/v[0-9]"), route.Fitted,
		},
		"NoCaseApart": {
			"they begin otherwise in any case", at(route.Regex, "(?i)/echo/v[0-9]"), at(route.Regex, "(?i)/fox/v[0-9]"),
			route.Apart,
		},
		"NoCaseMeets": {
			"one in the case of the other", at(route.Regex, "(?i)/ECHO/v[0-9]"), at(route.Regex, "/echo/[a-z]1"),
			route.Undecided,
		},
		"CaseApart": {
			"each has its case", at(route.Regex, "/ECHO/v[0-9]"), at(route.Regex, "/echo/[a-z]1"), route.Apart,
		},
		"AnyCaseText": {"any case begins it", anyCase, at(route.Regex, "/echo/.*"), route.Begins},
		"RegexOfAny":  {"one of its cases", at(route.Regex, "/echo/.*"), anyCase, route.Fits},
		"AnyBegins":   {"as text", anyCase, at(route.Prefix, "/echoes"), route.Begins},
		"BeginsAny":   {"as text", at(route.Prefix, "/ec"), anyCase, route.Begins},
		"CatchAll":    {"that counts as /", at(route.Prefix, "/echo"), at(route.Regex, "/.*"), route.Apart},
		"Regexes":     {"not known", at(route.Regex, "/e.*"), at(route.Regex, "/ec[a-z]"), route.Undecided},
		"RegexesAlike": {
			"so far apart, whatever follows", at(route.Regex, "/echo/.*/a"), at(route.Regex, "/fox/.*/a"), route.Apart,
		},
		"RegexBetween": {
			"all that fits lies beneath", at(route.Regex, "/echo/.*/b"), at(route.Prefix, "/echo"), route.Beneath,
		},
		"RegexesApartInAll": {
			"each choice begins otherwise", at(route.Regex, "/(a|b)/echo/.*"), at(route.Regex, "/(a|b)/fox/.*"), route.Apart,
		},
		"RegexesAlikeInOne": {
			"one choice may", at(route.Regex, "/(a|b)/echo/.*"), at(route.Regex, "/b/.*"), route.Undecided,
		},
		"RegexesApart": {"they begin otherwise", at(route.Regex, "/echo/.*"), at(route.Regex, "/fox/.*"), route.Apart},
		"FitsBeneath": {
			"/echo/health", at(route.Regex, "/[^/]+/health"), at(route.Prefix, "/echo"), route.FitsBeneath,
		},
		"FitsFarBeneath": {
			"/echo/a/health", at(route.Regex, "^/(e|f).*/health$"), at(route.Prefix, "/echo/"), route.FitsBeneath,
		},
		"NotSoFar": {
			"only one segment", at(route.Regex, "/[^/]+/health"), at(route.Prefix, "/echo/a"), route.Apart,
		},
		"NotBeneathIt": {
			"capitals only", at(route.Regex, "/[A-Z]+/health"), at(route.Prefix, "/echo"), route.Apart,
		},
		"NotBeneathAWord": {
			"/echoes is not beneath", at(route.Regex, "/echo[a-z]+/x"), at(route.Prefix, "/echo"), route.Apart,
		},
		"NothingAfterTheEnd": {
			"no path has more after $", at(route.Regex, "/[a-z]+$/x"), at(route.Prefix, "/echo"), route.Apart,
		},
		"BeginsWithSigns": {
			"what is text in a prefix is no expression", at(route.Prefix, "/a+b/"), at(route.Regex, `/a\+b/(x|y)`), route.Begins,
		},
		"FittedInLowerCase": {"/echo fits", loud(route.Exact, "/ECHO"), at(route.Regex, "/[a-e]cho"), route.Fitted},
		"FittedInUpperCase": {"/ECHO fits", loud(route.Exact, "/echo"), at(route.Regex, "/[A-E]CHO"), route.Fitted},
		"FitsInLowerCase":   {"/echo fits", at(route.Regex, "/[a-e]cho"), loud(route.Exact, "/ECHO"), route.Fits},
		"NothingFits": {
			"a class without characters", at(route.Regex, `/[^/]+/[^\x00-\x{10FFFF}]`), at(route.Prefix, "/echo"), route.Apart,
		},
		"NoChoiceFits": {
			"of none there is an end", at(route.Regex, `/[^/]+/x(ab|cd)[^\x00-\x{10FFFF}]`), at(route.Prefix, "/echo"),
			route.Apart,
		},
		"BeneathByRepetition": {
			"of what may be nothing", at(route.Regex, "/(?:[a-d]?[e-z]?)*/x"), at(route.Prefix, "/echo"), route.FitsBeneath,
		},
		"BeneathByChoice": {
			"by the second one", at(route.Regex, "/(fox|[a-z]+)/(b|c)"), at(route.Prefix, "/echo"), route.FitsBeneath,
		},
		"BeneathByClass": {
			"whatever characters come", at(route.Regex, "/[^/]+/[a-z]x.+"), at(route.Prefix, "/echo"), route.FitsBeneath,
		},
		"BeneathNothing": {
			"/ is nobody's", at(route.Regex, "/[^/]+/health"), at(route.Prefix, "/"), route.Apart,
		},
		"NoRegex":       {"nothing is known of it", at(route.Regex, "/e("), at(route.Prefix, "/e"), route.Apart},
		"Begins":        {"as text, not by segment", at(route.Prefix, "/ec"), at(route.Prefix, "/echo"), route.Begins},
		"BeginsNothing": {"an exact path has no more", at(route.Exact, "/ec"), at(route.Prefix, "/echo"), route.Apart},
		"NoPath":        {"no path is nobody's", route.Matcher{}, route.Matcher{}, route.Apart},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := (route.AsWritten{}).Relate(tc.m, tc.o); got != tc.want {
				t.Errorf("%s\nRelate() = %d, want %d", tc.reason, got, tc.want)
			}
			back := (route.AsWritten{}).Relate(tc.o, tc.m)
			if (back == route.Same) != (tc.want == route.Same) {
				t.Errorf("%s\nRelate() = %d the other way round, want %d one way", tc.reason, back, tc.want)
			}
		})
	}
}

func TestCompatible(t *testing.T) {
	t.Parallel()
	headers := func(h ...route.Header) route.Matcher { return route.Matcher{Headers: h} }
	methods := func(m ...string) route.Matcher { return route.Matcher{Methods: m} }
	a := route.Header{Name: "team", Value: "a"}
	cases := map[string]struct {
		reason string
		m, o   route.Matcher
		want   bool
	}{
		"Anything":      {"nothing asked", route.Matcher{}, route.Matcher{}, true},
		"OneAsks":       {"a request with the header fits both", headers(a), route.Matcher{}, true},
		"OtherValue":    {"a header has one value", headers(a), headers(route.Header{Name: "Team", Value: "b"}), false},
		"OtherName":     {"both may be there", headers(a), headers(route.Header{Name: "stage", Value: "b"}), true},
		"NotThatValue":  {"opposites", headers(a), headers(route.Header{Name: "team", Value: "a", Invert: true}), false},
		"NotOtherValue": {"a is not b", headers(a), headers(route.Header{Name: "team", Value: "b", Invert: true}), true},
		"NotThere":      {"no value at all", headers(a), headers(route.Header{Name: "team", Invert: true}), false},
		"Presence":      {"a value is there", headers(a), headers(route.Header{Name: "team"}), true},
		"Regex":         {"not known", headers(a), headers(route.Header{Name: "team", Value: "b", Regex: true}), true},
		"Methods":       {"GET fits both", methods("GET", "POST"), methods("GET"), true},
		"OtherMethods":  {"no request has two", methods("POST"), methods("GET"), false},
		"MethodsRegex":  {"P.ST fits POST", methods("P.ST"), methods("GET", "POST"), true},
		"Alternatives":  {"one of them is POST", methods("GET|POST"), methods("POST"), true},
		"AnyMethod":     {"fits whatever there is", methods(".*"), methods("POST"), true},
		"MethodsJoined": {"GET|P(U|OS)T fits POST", methods("GET", "P(U", "OS)T"), methods("POST"), true},
		"NoMethod":      {"GET||P.T fits no method, and no POST", methods("GET", "", "P.T"), methods("POST"), false},
		"MethodsApart":  {"P.T has three letters", methods("P.T"), methods("POST"), false},
		"MethodsWhole":  {"it must fit the whole method", methods("(?:O|P)"), methods("POST"), false},
		"MethodRegexes": {"not known of two", methods("P.T"), methods("G.T"), true},
		"LongMethods":   {"not read", methods("P.T" + strings.Repeat("|PUT", 400)), methods("POST"), true},
		"ManyMethods":   {"not tried on so many", methods("P.T"), methods(strings.Repeat("POST", 4000)), true},
		"Query": {
			"case counts",
			route.Matcher{Query: []route.Header{a}},
			route.Matcher{Query: []route.Header{{Name: "Team", Value: "b"}}},
			true,
		},
		"QueryValue": {
			"another value",
			route.Matcher{Query: []route.Header{a}},
			route.Matcher{Query: []route.Header{{Name: "team", Value: "b"}}},
			false,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := tc.m.Compatible(tc.o); got != tc.want || got != tc.o.Compatible(tc.m) {
				t.Errorf("%s\nCompatible() = %t, want %t both ways", tc.reason, got, tc.want)
			}
		})
	}
}
