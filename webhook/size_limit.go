package webhook

import (
	"context"
	"slices"

	"aviary.dev/convention"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// liftsSize reports whether an override lowers the denial of a table that is too large. It lowers
// no other, so that the table is then to be judged whole, as far as the time goes.
func (v *Validate) liftsSize(ctx context.Context, c *call, findings []policy.Finding) bool {
	tooLarge := func(f policy.Finding) bool { return f.Rule == judge.SizeLimits }
	if _, ok := c.request.New.(*fact.Table); !ok || !denies(findings, tooLarge) {
		return false
	}
	text, err := c.changedOverride()
	if err != nil || text == "" {
		return false
	}
	o, err := convention.ParseOverride(text)
	return err == nil && slices.Contains(o.Rules, judge.SizeLimits) && v.keepsDenial(ctx, c, judge.SizeLimits) == ""
}
