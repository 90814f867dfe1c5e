package route

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// Tables and expressions that are made to take long take a bounded time.
func TestRestsAreBounded(t *testing.T) {
	t.Parallel()
	version := []Destination{{Backend: &Backend{Labels: map[string]string{"version": "v1"}}}}
	routes := 2000
	if testing.Short() {
		routes /= 10
	}
	many := func(path Path) Table {
		table := Table{Routes: make([]Route, routes)}
		for i := range table.Routes {
			m := Matcher{Path: path, Headers: []Header{{Name: "stage", Value: fmt.Sprint(i)}}}
			table.Routes[i] = Route{Matchers: []Matcher{m}, Destinations: version}
		}
		return table
	}
	cases := map[string]Table{
		"OnePath":     many(Path{Prefix, "/echo"}),
		"Expressions": many(Path{Regex, "/" + strings.Repeat("a?", 500)}),
		"Repeated":    many(Path{Regex, "/" + strings.Repeat("(a?){100}", 100)}),
		"Choices":     many(Path{Regex, strings.Repeat("(a|b.)", 170)}),
	}
	for name, table := range cases {
		t.Run(name, func(t *testing.T) {
			start := time.Now()
			table.Obstacles(AsWritten{})
			if took := time.Since(start); took > 20*time.Second {
				t.Errorf("took %s", took)
			}
		})
	}
}
