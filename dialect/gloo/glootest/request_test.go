package glootest

import "testing"

// TestDomains: of these domains, of which a host takes the first that fits, each fits the host better than the next.
func TestDomains(t *testing.T) {
	t.Parallel()
	r := Request{Host: "Shop.example:8080"}
	best := 1 << 30
	for _, domain := range []string{
		"shop.EXAMPLE:8080", "*.example:8080", "*example:8080", "shop.*", "sho*", "*",
	} {
		rank := r.rank(domain)
		if rank <= 0 || rank >= best {
			t.Errorf("%s has the rank %d, the one before %d", domain, rank, best)
		}
		best = rank
	}
	for _, domain := range []string{"", "shop.example", "*.shop.example:8080", "shop.example:8080*", "*hop.example"} {
		if rank := r.rank(domain); rank != 0 {
			t.Errorf("%q has the rank %d, and does not fit", domain, rank)
		}
	}
}
