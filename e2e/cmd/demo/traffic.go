package main

import (
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// traffic is where requests go: the routes in their order, of which the first match wins.
type traffic []split

// split is one route.
type split struct {
	path, header string
	shares       []share
}

// share is a version and its part of the requests.
type share struct {
	version string
	percent int
}

// String returns what a step compares: "/echo stage: canary: v2 100; /echo: v1 50, v2 50".
func (t traffic) String() string {
	var routes []string
	for _, s := range t {
		var to []string
		for _, one := range s.shares {
			to = append(to, fmt.Sprintf("%s %d", one.version, one.percent))
		}
		routes = append(routes, s.match()+": "+strings.Join(to, ", "))
	}
	return strings.Join(routes, "; ")
}

func (s split) match() string { return strings.TrimSpace(s.path + " " + s.header) }

// routeTable is the part of a RouteTable that says where requests go.
type routeTable struct {
	Spec struct {
		Routes []struct {
			Matchers []struct {
				Prefix  string
				Headers []struct{ Name, Value string }
			}
			RouteAction struct {
				Single *destination
				Multi  struct {
					Destinations []struct {
						Weight      int
						Destination destination
					}
				}
			}
		}
	}
}

type destination struct {
	Subset struct{ Values map[string]string }
}

// readTraffic reads the routes of a RouteTable.
func readTraffic(o *unstructured.Unstructured) (traffic, error) {
	var table routeTable
	if err := decode(o, &table); err != nil {
		return nil, err
	}
	var out traffic
	for _, route := range table.Spec.Routes {
		var s split
		for _, m := range route.Matchers {
			s.path += m.Prefix
			for _, h := range m.Headers {
				s.header += h.Name + ": " + h.Value
			}
		}
		if single := route.RouteAction.Single; single != nil {
			s.shares = append(s.shares, share{single.Subset.Values["version"], 100})
		}
		for _, d := range route.RouteAction.Multi.Destinations {
			s.shares = append(s.shares, share{d.Destination.Subset.Values["version"], d.Weight})
		}
		out = append(out, s)
	}
	return out, nil
}
