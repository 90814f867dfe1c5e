package judge

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/fact"
	"aviary.dev/policy"
	"aviary.dev/policy/input"
	"aviary.dev/route"
)

// SizeLimits is the rule about sizes. It is asked before all others, so that no table can be so
// large that judging it takes too long.
const SizeLimits = "size-limits"

// Below these no bound of the rule may be: of a table with less in it no size is told.
const (
	manyDestinations = 100
	manyMatchers     = 100
	manyDelegations  = 100
	manyRegexBytes   = 4 << 10
	manyBytes        = 512 << 10
)

// destinations counts them; a route without any counts as one.
func destinations(routes []route.Route) (n int) {
	for i := range routes {
		n += max(1, len(routes[i].Destinations))
	}
	return n
}

// tableSize describes how large the table under judgement is; nil if no bound can be below it. Its
// bytes the API server itself has counted.
func (d *decision) tableSize(ctx context.Context, t *fact.Table) (*input.Size, error) {
	out, cost := d.size(t), fact.CostOf(t)
	out.Destinations = destinations(t.Routes)
	large := counts(out, cost) || out.Destinations > manyDestinations
	var err error
	out.InNamespace, err = d.inNamespace(ctx, t.ID, cost, func() fact.Cost { return fact.CostOf(d.wholeOld()) })
	if err != nil || !large && out.InNamespace == nil {
		return nil, err
	}
	if old := d.wholeOld(); old != nil {
		out.DestinationsBefore = input.Some(destinations(old.Routes))
		countsBefore(out, fact.CostOf(old))
	}
	return out, nil
}

// size begins the description of how large a table is.
func (d *decision) size(t *fact.Table) *input.Size {
	out := &input.Size{Object: d.name(t.ID), Field: "spec"}
	if len(t.Routes) > 0 {
		out.Field = strings.TrimSuffix(t.Routes[0].Field, "[0]")
	}
	return out
}

// counts adds what an object has much of, and reports whether there is anything.
func counts(out *input.Size, c fact.Cost) bool {
	out.Matchers = beyond(c.Matchers, manyMatchers)
	out.Delegations = beyond(c.Delegations, manyDelegations)
	out.RegexBytes = beyond(c.RegexBytes, manyRegexBytes)
	return out.Matchers.Set || out.Delegations.Set || out.RegexBytes.Set
}

func countsBefore(out *input.Size, c fact.Cost) {
	out.MatchersBefore, out.DelegationsBefore = input.Some(c.Matchers), input.Some(c.Delegations)
	out.RegexBytesBefore = input.Some(c.RegexBytes)
}

// beyond is n where it is more than the least bound.
func beyond(n, least int) input.Int {
	if n <= least {
		return input.Int{}
	}
	return input.Some(n)
}

// oversize asks the rule about sizes alone. Refused says that its findings are all that is to be
// said of the table: no other rule follows its destinations then.
func (d *decision) oversize(ctx context.Context, size *input.Size) (found []policy.Finding, refused bool, err error) {
	if d.request.Operation == Audit || d.request.AnySize {
		return nil, false, nil
	}
	doc := d.document()
	doc.Size = size
	if found, err = d.engine.Evaluate(ctx, policy.SubjectRoutes, doc); err != nil {
		return nil, false, err
	}
	found = slices.DeleteFunc(found, func(f policy.Finding) bool { return f.Rule != SizeLimits })
	for i := range found {
		if refused = refused || d.refuses(found[i]); found[i].Mode != policy.ModeDeny {
			found[i].Fix += "; no other rule has judged it"
		}
	}
	return found, refused, nil
}

// refuses reports whether the finding refuses the request, or would but for enforcement: warn.
func (d *decision) refuses(f policy.Finding) bool {
	return f.Severity == policy.ModeUnset && f.Mode >= d.Enforcement()
}

// plannedSize describes how large the table is that Aviary would write for the app; nil if no bound
// can be below it. Nobody judges that table before it is written, and one that is too large never
// is. Where nothing changes, the version whose annotations lead is told of it.
func (c *appChange) plannedSize(ctx context.Context) (*input.Size, error) {
	audit, cost := c.request.Operation == Audit, planCost(c.plan)
	n, bytes, err := c.measure(c.appAfter, c.plan)
	if err != nil || audit && c.appAfter.Lead() != c.new {
		return nil, err
	}
	out := &input.Size{
		Object: c.name(c.kinds.Table(c.app)), Field: convention.Annotation(convention.KeyPaths), Planned: true,
		Destinations: n, Bytes: some(bytes),
	}
	large := counts(out, cost) || n > manyDestinations || bytes > manyBytes
	before := func() fact.Cost { return planCost(c.appBefore.Plan(nil)) }
	out.InNamespace, err = c.inNamespace(ctx, c.kinds.Table(c.app), cost, before)
	if err != nil || !large && out.InNamespace == nil {
		return nil, err
	}
	if audit {
		return out, nil
	}
	if n, bytes, err = c.measure(c.appBefore, c.appBefore.Plan(nil)); err == nil && n > 0 {
		out.DestinationsBefore, out.BytesBefore = input.Some(n), some(bytes)
		countsBefore(out, before())
	}
	return out, err
}

// planCost is what the table of a plan costs.
func planCost(p convention.Plan) fact.Cost {
	if len(p.Routes) == 0 {
		return fact.Cost{}
	}
	return fact.CostOf(&fact.Table{Table: route.Table{Routes: p.Routes}})
}

// measure returns how large an app's table is. The bytes are 0 where they are surely few: only what
// may be near the bound is written out for it.
func (c *appChange) measure(app *convention.App, p convention.Plan) (n, bytes int, err error) {
	n = destinations(p.Routes)
	if dialect.AtMost(p.Routes) <= manyBytes {
		return n, 0, nil
	}
	for _, s := range c.kinds.Writer().Siblings(app, p) {
		if s.ID == c.kinds.Table(c.app) {
			text, err := json.Marshal(s.Object().Object)
			if err != nil {
				return 0, 0, fmt.Errorf("measure %s: %w", s.ID, err)
			}
			bytes = len(text) + ownersBytes(app)
		}
	}
	return n, bytes, nil
}

// versionBytes is what the expander adds to a table for a version, besides its names: an owner
// reference, and a word in each of the table's records.
const versionBytes = 512

func ownersBytes(app *convention.App) (n int) {
	for _, v := range app.Versions {
		n += versionBytes + len(v.Deployment) + 3*len(v.Name)
	}
	return n
}

func some(n int) input.Int {
	if n == 0 {
		return input.Int{}
	}
	return input.Some(n)
}
