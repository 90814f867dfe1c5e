package route_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/route"
)

// strict is a dialect that drops routes without a path.
type strict struct{ route.AsWritten }

func (strict) NeedsPath() bool { return true }

func backend(kind, name, version string) *route.Backend {
	id := route.ID{GroupKind: schema.GroupKind{Kind: kind}, Ref: route.Ref{Namespace: "echo", Name: name}}
	b := &route.Backend{ID: id}
	if version != "" {
		b.Labels = map[string]string{"version": version}
	}
	return b
}

func TestObstacles(t *testing.T) {
	t.Parallel()
	version := func(v string) []route.Destination { return []route.Destination{{Backend: backend("Group", "echo", v)}} }
	weighted := func(w int64) []route.Destination {
		d := version("v1")
		d[0].Weight = route.WeightOf(w)
		return d
	}
	service := func(name string) []route.Destination {
		return []route.Destination{{Backend: backend("Service", name, "")}}
	}
	group := func(name string) route.Route {
		return route.Route{Group: &route.Reference{ID: backend("List", name, "").ID}}
	}
	r := func(to []route.Destination, m ...route.Matcher) route.Route {
		return route.Route{Matchers: m, Destinations: to}
	}
	path := at(route.Prefix, "/echo")
	with := func(m route.Matcher, h ...route.Header) route.Matcher { m.Headers = h; return m }
	stage := route.Header{Name: "stage", Value: "canary"}
	other, present, absent := stage, route.Header{Name: "stage"}, route.Header{Name: "stage", Invert: true}
	other.Invert = true
	beta, noBeta := route.Header{Name: "beta"}, route.Header{Name: "Beta", Invert: true}
	host := route.Header{Name: ":authority", Value: "a.example"}
	otherHost := route.Header{Name: ":authority", Value: "b.example"}
	pattern := route.Header{Name: "stage", Value: "[a-z]*", Regex: true}
	notPattern := pattern
	notPattern.Invert = true
	posting, getting, both := path, path, path
	posting.Methods, getting.Methods, both.Methods = []string{"POST"}, []string{"GET"}, []string{"GET", "POST"}
	asking := path
	asking.Query = []route.Header{{Name: "a"}}
	cases := map[string]struct {
		reason string
		routes []route.Route
		want   []route.Obstacle
	}{
		"CanaryFirst": {"as it must be", []route.Route{r(version("v2"), with(path, stage)), r(version("v1"), path)}, nil},
		"Host":        {"has its own requests", []route.Route{r(version("v2"), with(path, host))}, nil},
		"CanaryOfAHost": {
			"the rest is of the same host", []route.Route{
				r(version("v2"), with(path, stage, host)), r(version("v1"), with(path, host)),
			}, nil,
		},
		"CanaryOfAnotherHost": {
			"the rest is not the other's", []route.Route{
				r(version("v2"), with(path, host, stage)), r(version("v1"), with(path, otherHost)),
			}, []route.Obstacle{{Kind: route.Lone}},
		},
		"CanaryBehind": {
			"the first route takes all",
			[]route.Route{r(version("v1"), path), r(version("v2"), with(path, stage))},
			[]route.Obstacle{{Kind: route.Shadowed, Route: 1}},
		},
		"SameAction": {"nobody notices", []route.Route{r(version("v1"), path), r(version("v1"), with(path, stage))}, nil},
		"OtherWeight": {
			"another part of the traffic",
			[]route.Route{r(weighted(10), path), r(weighted(20), path)},
			[]route.Obstacle{{Kind: route.Shadowed, Route: 1}},
		},
		"SecondOfTwo": {
			"the first that takes all is named",
			[]route.Route{r(version("v1"), at(route.Prefix, "/fox")), r(version("v1"), path), r(version("v2"), path)},
			[]route.Obstacle{{Kind: route.Shadowed, Route: 2, By: 1}},
		},
		"Redirect": {
			"is another action",
			[]route.Route{{Action: "redirect"}, r(version("v1"), path)},
			[]route.Obstacle{{Kind: route.Shadowed, Route: 1}},
		},
		"Redirects": {"two alike", []route.Route{{Action: "redirect"}, {Action: "redirect"}}, nil},
		"Groups": {"two others", []route.Route{group("a"), group("b")}, []route.Obstacle{
			{Kind: route.Shadowed, Route: 1},
		}},
		"Services": {"two others", []route.Route{r(service("a"), path), r(service("b"), path)}, []route.Obstacle{
			{Kind: route.Shadowed, Route: 1},
		}},
		"ServiceTwice": {"two alike", []route.Route{r(service("a"), path), r(service("a"), path)}, nil},
		"Delegation":   {"what it leads to is not known", []route.Route{{Delegates: true}, r(version("v1"), path)}, nil},
		"BeforeIt": {
			"it is reached by nobody",
			[]route.Route{{Action: "redirect"}, {Delegates: true}},
			[]route.Obstacle{{Kind: route.Shadowed, Route: 1}},
		},
		"Nothing": {"a route without an action is another rule's", []route.Route{{}, r(version("v1"), path)}, nil},
		"Dropped": {
			"Gloo drops the first one",
			[]route.Route{r(version("v2"), route.Matcher{}), r(version("v1"), path)},
			[]route.Obstacle{{Kind: route.Pathless}},
		},
		"Inherited": {
			"the path is the parent's",
			[]route.Route{
				{Matchers: []route.Matcher{with(route.Matcher{}, stage)}, InheritsPath: route.Yes, Destinations: version("v2")},
			},
			nil,
		},
		"Alone": {"the rest has no answer", []route.Route{r(version("v2"), with(path, stage))}, []route.Obstacle{
			{Kind: route.Lone},
		}},
		"NoVersion": {"a header that is asked for on purpose", []route.Route{r(service("echo"), with(path, stage))}, nil},
		"ShorterPath": {
			"it takes the rest, too",
			[]route.Route{r(version("v2"), with(path, stage)), r(version("v1"), at(route.Prefix, "/"))},
			nil,
		},
		"LongerPath": {
			"it takes only some of the rest",
			[]route.Route{r(version("v2"), with(path, stage)), r(version("v1"), at(route.Prefix, "/echo/x"))},
			[]route.Obstacle{{Kind: route.Lone}},
		},
		"AllMethods": {
			"they take the rest, too",
			[]route.Route{r(version("v2"), with(posting, stage)), r(version("v1"), path)},
			nil,
		},
		"OneMethod": {
			"it takes only some of the rest",
			[]route.Route{r(version("v2"), with(path, stage)), r(version("v1"), posting)},
			[]route.Obstacle{{Kind: route.Lone}},
		},
		"OneQuery": {
			"it takes only some of the rest",
			[]route.Route{r(version("v2"), with(path, stage)), r(version("v1"), asking)},
			[]route.Obstacle{{Kind: route.Lone}},
		},
		"Opposite": {
			"each is the other's rest",
			[]route.Route{r(version("v2"), with(path, present)), r(version("v1"), with(path, absent))},
			nil,
		},
		"OtherValue": {
			"a request without the header has no other value",
			[]route.Route{r(version("v2"), with(path, stage)), r(version("v1"), with(path, other))},
			[]route.Obstacle{{Kind: route.Absent}},
		},
		"ThreeValues": {
			"the value, every other one, and none",
			[]route.Route{
				r(version("v2"), with(path, stage)), r(version("v1"), with(path, other)), r(version("v1"), with(path, absent)),
			},
			nil,
		},
		"ByAnotherHeader": {
			"the rest is parted by another header",
			[]route.Route{
				r(version("v2"), with(path, stage)),
				r(version("v1"), with(path, beta)), r(service("echo"), with(path, noBeta)),
			},
			nil,
		},
		"OneValueLeft": {
			"other values have no answer",
			[]route.Route{r(version("v2"), with(path, stage)), r(service("echo"), with(path, absent))},
			[]route.Obstacle{{Kind: route.Lone}},
		},
		"Fits": {
			"a present value fits .*",
			[]route.Route{
				r(version("v2"), with(path, route.Header{Name: "Stage", Value: ".*", Regex: true})),
				r(service("echo"), with(path, absent)),
			},
			nil,
		},
		"RegexOfAHeader": {
			"one that fits the expression, and the others",
			[]route.Route{
				r(version("v2"), with(path, stage)),
				r(service("a"), with(path, pattern)), r(service("b"), with(path, notPattern)), r(service("c"), with(path, absent)),
			},
			nil,
		},
		"EachMethod": {
			"each has a route",
			[]route.Route{r(version("v2"), with(both, stage)), r(version("v1"), posting), r(version("v1"), getting)},
			nil,
		},
		"ByMethodAndHeader": {
			"those to POST without either header have no answer",
			[]route.Route{
				r(version("v2"), with(both, beta)), r(service("echo"), getting), r(service("echo"), with(posting, stage)),
			},
			[]route.Obstacle{{Kind: route.Lone}},
		},
		"Segments": {
			"of /echoes it is not certain",
			[]route.Route{r(version("v2"), with(path, stage)), r(version("v1"), at(route.Regex, "/echo(/.*)?"))},
			[]route.Obstacle{{Kind: route.Unsure, By: 1}},
		},
		"SegmentsBefore": {
			"likewise of one that stands before it",
			[]route.Route{r(version("v1"), at(route.Regex, "/echo(/.*)?")), r(version("v2"), with(path, stage))},
			[]route.Obstacle{{Kind: route.Unsure, Route: 1, By: 0}},
		},
		"SegmentsTwice": {
			"the first one is told",
			[]route.Route{
				r(version("v1"), at(route.Regex, "/echo(/.*)?")), r(version("v2"), with(path, stage)),
				r(version("v1"), at(route.Regex, "/echo(/.*)?")),
			},
			[]route.Obstacle{{Kind: route.Unsure, Route: 1, By: 0}},
		},
		"Digits": {
			"it fits some paths that the other does",
			[]route.Route{
				r(version("v2"), with(at(route.Regex, "/echo/[a-z]+"), stage)),
				r(version("v1"), at(route.Regex, "/echo/[a-z0-9]+")),
			},
			[]route.Obstacle{{Kind: route.Unsure, By: 1}},
		},
		"NotThePath": {
			"the prefix itself is left",
			[]route.Route{r(version("v2"), with(path, stage)), r(version("v1"), at(route.Regex, "/echo/v[0-9]+"))},
			[]route.Obstacle{{Kind: route.Lone}},
		},
		"TwoPrefixes": {
			"each takes one of the choices",
			[]route.Route{
				r(version("v2"), with(at(route.Regex, "/(echo|eco)/.*"), stage)),
				r(version("v1"), at(route.Prefix, "/echo/"), at(route.Prefix, "/eco/")),
			},
			nil,
		},
		"OnePrefix": {
			"one of the choices is left",
			[]route.Route{
				r(version("v2"), with(at(route.Regex, "/(echo|eco)/.*"), stage)), r(version("v1"), at(route.Prefix, "/eco/")),
			},
			[]route.Obstacle{{Kind: route.Lone}},
		},
		"SameRoute": {"the route itself takes the rest", []route.Route{r(version("v2"), with(path, stage), path)}, nil},
		"BehindIt":  {"the rest may be there", []route.Route{r(version("v2"), with(path, stage)), {Delegates: true}}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, route.Table{Routes: tc.routes}.Obstacles(strict{})); diff != "" {
				t.Errorf("%s\nObstacles(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
