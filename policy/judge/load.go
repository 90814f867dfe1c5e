package judge

import (
	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/convention"
	"aviary.dev/policy"
)

// load adds the step of the canary's own weight, and whose share of the main routes rises, as declared.
func (s step) load(j *Judge, out *policy.Object) {
	before, after := s.was.Declared(), s.is.Declared()
	if from := s.weightBefore(before); s.now != nil && s.is.Role(s.now) == convention.Canary && s.now.Weight > from {
		o := j.build.Object()
		o.Int("from", from)
		o.Int("to", s.now.Weight)
		out.Term("weight", o.Done())
	}
	var rises []*ast.Term
	for _, x := range after {
		if from := convention.Of(before, x.Version.Name); x.Percent > from {
			rises = append(rises, s.rise(j, x, from))
		}
	}
	if len(rises) == 0 {
		return
	}
	out.Array("rises", rises)
	if c := carrier(before); c != nil {
		o := j.build.Object()
		o.String("version", c.Name)
		o.Int("available", int(c.Available))
		out.Term("carrier", o.Done())
	}
}

// weightBefore is the part of the traffic that the version had by what was declared: a canary its weight, the primary
// what the others left.
func (s step) weightBefore(declared []convention.Share) int {
	switch {
	case s.old == nil:
		return 0
	case s.was.Role(s.old) == convention.Canary:
		return s.old.Weight
	}
	return convention.Of(declared, s.old.Name)
}

// rise describes a share that grows. How many pods could take it is not known of a Deployment that is just being created
// or that an autoscaler wakes.
func (s step) rise(j *Judge, x convention.Share, from int) *ast.Term {
	o := j.build.Object()
	o.String("version", x.Version.Name)
	o.String("role", string(s.is.Role(x.Version)))
	o.Int("from", from)
	o.Int("to", x.Percent)
	if created := x.Version == s.now && s.old == nil; !created && !x.Version.Ungated {
		o.Int("available", int(min(x.Version.Available, x.Version.Replicas)))
	}
	return o.Done()
}

// carrier is the version with the largest share, the primary of two alike; nil for none.
func carrier(shares []convention.Share) *convention.Version {
	var best convention.Share
	for _, x := range shares {
		if x.Percent > best.Percent {
			best = x
		}
	}
	return best.Version
}
