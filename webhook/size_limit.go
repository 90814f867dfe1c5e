package webhook

import (
	"fmt"

	"aviary.dev/fact"
	"aviary.dev/policy/judge"
)

// maxDestinations bounds what one table may ask of a decision. A table of that many is far beyond
// what people write, and near what etcd takes.
const maxDestinations = 2000

// tooLarge refuses a table beyond the bound, but not one that was beyond it before and has not
// grown: that one is judged as any, or it could be changed no more.
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
	return fmt.Errorf("%s %s/%s has %d destinations, must have at most %d; split it",
		c.Kind.Kind, c.Namespace, c.Name, n, maxDestinations)
}

func destinations(f fact.Fact) (n int) {
	t, ok := f.(*fact.Table)
	if !ok {
		return 0
	}
	for _, x := range t.Routes {
		n += max(1, len(x.Destinations))
	}
	return n
}
