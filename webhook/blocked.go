package webhook

import (
	"context"
	"fmt"

	"aviary.dev/fact"
)

// blocked warns whoever writes a Deployment of an app of what keeps Aviary from writing its siblings: what it lacks
// itself, and what the app's siblings tell.
func (v *Validate) blocked(ctx context.Context, c *call) []string {
	w, ok := c.request.New.(*fact.Workload)
	if !ok || w.Version == nil {
		return nil
	}
	var out []string
	if v.Missing != nil {
		for _, text := range v.Missing() {
			out = append(out, cut("Aviary can't keep this app's siblings now: "+text))
		}
	}
	b, ok, err := c.judge.Blocked(ctx, fact.AppOf(w), v.Facts)
	if !ok || err != nil {
		return out // the verdict does not depend on it
	}
	return append(out, cut(fmt.Sprintf("Aviary can't write %s %s/%s since %s: %s",
		b.Kind, w.Namespace, b.Name, b.Age(v.Now()), b.Reason)))
}
