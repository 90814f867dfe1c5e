package judge

import (
	"context"

	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// Below these no bound of a namespace may be.
const (
	manyInNamespace  = 100 // delegations
	manyMatchersThen = 1000
	manyBytesThen    = 1 << 20
)

// inNamespace describes what the routing objects of a namespace have together; nil if no bound can be below it. Now and
// before are what the one under judgement costs with the request and without. What it has none of is not told of it.
func (d *decision) inNamespace(
	ctx context.Context, id route.ID, now fact.Cost, before func() fact.Cost,
) (*input.NamespaceSize, error) {
	others, err := d.after.Cost(ctx, id.Namespace, id)
	if err != nil {
		return nil, err
	}
	sum := others.Add(now)
	out := &input.NamespaceSize{}
	if now.Bytes > 0 {
		out.Bytes = beyond(sum.Bytes, manyBytesThen)
	}
	if now.Delegations > 0 {
		out.Delegations = beyond(sum.Delegations, manyInNamespace)
	}
	if now.Matchers > 0 {
		out.Matchers = beyond(toCompare(sum), manyMatchersThen)
	}
	if *out == (input.NamespaceSize{}) {
		return nil, nil
	}
	if d.request.Operation != Audit {
		was := others.Add(before())
		out.DelegationsBefore, out.MatchersBefore = input.Some(was.Delegations), input.Some(toCompare(was))
		out.BytesBefore = input.Some(was.Bytes)
	}
	return out, nil
}

// regexCounts is as how many matchers a regular expression counts: most are compared with paths of all beginnings, and
// each has to be read for that.
const regexCounts = 20

// toCompare is what the matchers of a namespace come to.
func toCompare(c fact.Cost) int { return c.Matchers + (regexCounts-1)*c.Regexes }

// backendSize describes what a backend adds to its namespace; nil if no bound is near.
func (d *decision) backendSize(ctx context.Context, b *fact.Backend) (*input.Size, error) {
	before := func() (out fact.Cost) {
		if d.request.Old != nil && d.request.Operation != Audit {
			out = fact.CostOf(d.request.Old)
		}
		return out
	}
	shared, err := d.inNamespace(ctx, b.ID, fact.CostOf(b), before)
	if shared == nil || err != nil {
		return nil, err
	}
	return &input.Size{Object: d.name(b.ID), Field: "spec", InNamespace: shared}, nil
}

// leftOut tells of a table to which more ways of requests lead than are followed, or near which its namespace has more
// matchers than are compared.
func (d *decision) leftOut(doc *input.Document, t *fact.Table, parents dialect.Parents) {
	unfollowed := parents.Far(t) || len(d.waysTo(parents, t))*len(t.Routes) > maxTaken
	if !unfollowed && !d.uncompared {
		return
	}
	if doc.Size == nil {
		doc.Size = d.size(t)
		doc.Size.Destinations = destinations(t.Routes)
	}
	doc.Size.Unfollowed, doc.Size.Uncompared = unfollowed, d.uncompared
}
