package webhook

import (
	"fmt"

	"aviary.dev/inventory"
	"aviary.dev/policy/judge"
)

// maxDestinations bounds what one routing object may ask of a decision. A table of that many is far beyond what people
// write, and near what etcd takes.
const maxDestinations = 2000

// tooLarge says so of a routing object beyond the bound; not of one that was, and that has not grown: it is judged as
// any, or it could be changed no more.
func (c *call) tooLarge() error {
	n := destinations(c.request.New)
	if n <= maxDestinations {
		return nil
	}
	if c.request.Operation == judge.Update {
		if c.wholeOld(); n <= destinations(c.request.Old) {
			return nil
		}
	}
	return fmt.Errorf("%s %s/%s has %d destinations, must have at most %d; split it", c.Kind.Kind, c.Namespace, c.Name, n, maxDestinations)
}

func destinations(f inventory.Fact) (n int) {
	t, ok := f.(*inventory.Table)
	if !ok {
		return 0
	}
	for _, x := range t.Routes {
		n += max(1, len(x.Destinations))
	}
	return n
}
