package judge

import (
	"aviary.dev/convention"
	"aviary.dev/policy/input"
)

// trafficShares adds the step of the canary's own weight, and whose share of the main routes rises,
// as declared.
func (c *appChange) trafficShares(out *input.Change) {
	before, after := c.appBefore.Declared(), c.appAfter.Declared()
	from := c.weightBefore(before)
	if c.new != nil && c.appAfter.Role(c.new) == convention.Canary && c.new.Weight > from {
		out.Weight = &input.Step{From: from, To: c.new.Weight}
	}
	for _, x := range after {
		if from := convention.Of(before, x.Version.Name); x.Percent > from {
			out.Rises = append(out.Rises, c.rise(x, from))
		}
	}
	if v := carrier(before); v != nil && len(out.Rises) > 0 {
		out.Carrier = &input.Carrier{Version: v.Name, Available: int(v.Available)}
	}
}

// weightBefore is the part of the traffic that the version had by what was declared: a canary its
// weight, the primary what the others left.
func (c *appChange) weightBefore(declared []convention.Share) int {
	switch {
	case c.old == nil:
		return 0
	case c.appBefore.Role(c.old) == convention.Canary:
		return c.old.Weight
	}
	return convention.Of(declared, c.old.Name)
}

// rise describes a share that grows. How many pods could take it is not known of a Deployment that
// is just being created or that an autoscaler wakes.
func (c *appChange) rise(x convention.Share, from int) input.Rise {
	out := input.Rise{Version: x.Version.Name, Role: string(c.appAfter.Role(x.Version)), From: from, To: x.Percent}
	if created := x.Version == c.new && c.old == nil; !created && !x.Version.Ungated {
		out.Available = input.Some(int(min(x.Version.Available, x.Version.Replicas)))
	}
	return out
}

// carrier is the version with the largest share; of two alike the one with more replicas available, then the primary;
// nil for none.
func carrier(shares []convention.Share) *convention.Version {
	var best convention.Share
	for _, x := range shares {
		more := best.Version != nil && x.Percent == best.Percent && x.Version.Available > best.Version.Available
		if x.Percent > best.Percent || more {
			best = x
		}
	}
	return best.Version
}
