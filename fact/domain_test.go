package fact_test

import (
	"testing"

	"aviary.dev/fact"
)

func TestDomains(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		domain, other string
		want          bool
	}{
		{"shop.example", "shop.example", true},
		{"Shop.Example", "shop.example", true},
		{"shop.example", "*", true},
		{"*.example", "*", true},
		{"*", "*.example", false},
		{"shop.example", "*.example", true},
		{"a.shop.example", "*.example", true},
		{"*.shop.example", "*.example", true},
		{"*.example", "*.shop.example", false},
		{".example", "*.example", false}, // the * stands for something
		{"shop.example", "*.shop.example", false},
		{"shop.example", "shop.*", true},
		{"shop.*", "shop.*", true},
		{"shop.*", "*.example", false},
		{"shop.example:8080", "shop.example", false},
		{"shop.example:8080", "shop.example:*", true},
		{"shop.example", "till.example", false},
	} {
		domain, other := fact.Entry{Domains: []string{c.domain}}, fact.Entry{Domains: []string{c.other}}
		if other.Serves(c.domain) != c.want || domain.Within(c.other) != c.want {
			t.Errorf("%s within %s: want %t", c.domain, c.other, c.want)
		}
	}
	e := fact.Entry{Domains: []string{"a.example", "*.b.example"}}
	if !e.Serves("x.b.example") || e.Serves("*.example") || !e.Within("*.example") || e.Within("c.example") {
		t.Error("an entry has all of its domains")
	}
}
