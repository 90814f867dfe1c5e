package judge

import (
	"context"
	"slices"

	"github.com/open-policy-agent/opa/v1/ast"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// change is one request as one app sees it. Old and now are the version before and after; nil if it was, or is, none of
// this app's. The app is empty for a workload that belongs to none.
type change struct {
	request  Request
	app      route.Ref
	old, now *convention.Version
	stranded []stranded
}

// version builds the document for subject deployment and has it judged.
func (j *Judge) version(ctx context.Context, c change, before, after inventory.Reader) ([]policy.Finding, error) {
	doc := j.head(c.request)
	extra := j.build.Object()
	if len(c.stranded) > 0 {
		extra.Array("stranded", j.strandedTerms(c.stranded))
	}
	var problems []convention.Problem
	if w, ok := c.request.New.(*inventory.Workload); ok && (c.now != nil || c.app == route.Ref{}) {
		problems = w.Problems
	}
	if c.app != (route.Ref{}) {
		was, err := App(ctx, before, c.app, j.settings)
		if err != nil {
			return nil, err
		}
		is, err := App(ctx, after, c.app, j.settings)
		if err != nil {
			return nil, err
		}
		table, err := after.Table(ctx, tableID(c.app))
		if err != nil {
			return nil, err
		}
		step := step{change: c, was: was, is: is, plan: is.Plan(nil), table: table}
		problems = append(slices.Clone(problems), step.advice()...)
		if err := j.describe(ctx, doc, step, after); err != nil {
			return nil, err
		}
		if err := j.describeAuthor(ctx, doc, step, after); err != nil {
			return nil, err
		}
		if c.request.Operation != Audit && !was.Retiring() && !is.Retiring() {
			step.consequences(j, extra)
		}
	}
	doc.Array("problems", j.problems(problems))
	extra.Bool("scaled", c.request.scaled())
	if c.request.Operation != Audit {
		doc.Term("change", extra.Done())
	}
	return j.engine.Evaluate(ctx, policy.SubjectDeployment, doc.Done().Value)
}

func tableID(app route.Ref) inventory.ID {
	return inventory.ID{Kind: gloo.KindRouteTable, Ref: route.Ref{Namespace: app.Namespace, Name: convention.TableName(app.Name)}}
}

func (j *Judge) problems(list []convention.Problem) []*ast.Term {
	out := make([]*ast.Term, 0, len(list))
	for _, p := range list {
		o := j.build.Object()
		o.String("field", p.Field)
		o.String("message", p.Message)
		o.String("fix", p.Fix)
		if p.Warning {
			o.String("severity", policy.ModeWarn.String())
		}
		if p.Evidence {
			o.Bool("evidence", true)
		}
		out = append(out, o.Done())
	}
	return out
}

// step is an app before and after a request, with its plan as declared then, and the table that it has.
type step struct {
	change
	was, is *convention.App
	plan    convention.Plan
	table   *inventory.Table
}

func (s step) hadRoute() bool { return s.table != nil || s.was.State() == convention.Routed }

// advice is what the convention says of the version in its app; what it says of the role only when that is news.
func (s step) advice() []convention.Problem {
	if s.now == nil || s.is.Version(s.now.Name) != s.now {
		return nil
	}
	news := s.old == nil || s.was.Role(s.old) != s.is.Role(s.now) || s.old.Role != s.now.Role
	return slices.DeleteFunc(s.is.Advice(s.now), func(p convention.Problem) bool {
		return p.Key == convention.KeyRole && p.Warning && !news
	})
}

// consequences adds what the step does to traffic.
func (s step) consequences(j *Judge, out *policy.Object) {
	before, after := s.was.Traffic(s.was.InEffect()), s.plan
	if p := s.promotion(j, before, after); p != nil {
		out.Term("promotion", p)
	}
	if version, share, lost := s.lost(before, after); lost {
		o := j.build.Object()
		if version != "" {
			o.String("version", version)
			o.Int("share", share)
		}
		out.Term("lost", o.Done())
	}
	if dropped := s.dropped(); len(dropped) > 0 {
		out.Strings("dropped", dropped)
		if l := s.is.Lead(); l != nil {
			out.String("lead", l.Name)
		}
	}
	s.load(j, out)
	out.Bool("lastVersion", len(s.is.Versions) == 0)
	out.Bool("switchOff", s.now != nil && s.old != nil && s.old.Wanted() && !s.now.Wanted() && !slices.ContainsFunc(s.is.Versions, (*convention.Version).Wanted))
}

// dropped gives the paths that the app's route had and would no longer serve.
func (s step) dropped() []string {
	if s.was.State() != convention.Routed || s.is.State() != convention.Routed {
		return nil
	}
	var out []string
	for _, p := range s.was.Paths() {
		if !slices.ContainsFunc(s.is.Paths(), func(now route.Path) bool {
			return route.Matcher{Path: now}.Covers(route.Matcher{Path: p})
		}) {
			out = append(out, p.String())
		}
	}
	return out
}

// promotion describes a change of the effective primary that moves traffic to the new one.
func (s step) promotion(j *Judge, before, after convention.Plan) *ast.Term {
	from, _ := s.was.Primary()
	to, implicit := s.is.Primary()
	if from == nil || to == nil || from.Name == to.Name || after.Of(to.Name) <= before.Of(to.Name) {
		return nil
	}
	o := j.build.Object()
	o.String("from", from.Name)
	o.String("to", to.Name)
	o.Bool("implicit", implicit)
	o.Int("shareBefore", before.Of(to.Name))
	o.Bool("carriedAll", before.Of(to.Name) == 100)
	o.Int("fromAvailable", int(from.Available))
	o.Int("toAvailable", int(to.Available))
	o.Bool("goingBack", s.table != nil && to.Serves() && convention.WasPrimaryAs(s.table.WasPrimary, to.Name, to.Hash()))
	return o.Done()
}

// lost tells whether the app's own route would be gone, or send a share of the traffic to a version without pods that
// it did not send there before.
func (s step) lost(before, after convention.Plan) (version string, share int, lost bool) {
	if after.State != convention.Routed {
		if !s.hadRoute() || before.State == after.State || s.now != nil && after.State == convention.Invalid {
			return "", 0, false // what makes the version that is applied invalid is a finding of its own
		}
		if p, _ := s.was.Primary(); p != nil {
			return p.Name, before.Of(p.Name), true
		}
		return "", 0, true
	}
	primary, _ := s.is.Primary()
	if p, _ := s.was.Primary(); primary == nil && p != nil && p.Serves() && before.Of(p.Name) > 0 && after.Of(p.Name) == 0 {
		return p.Name, before.Of(p.Name), true // the sole canary has weight 100, but does not carry it yet
	}
	for _, x := range s.is.Traffic(s.is.InEffect()).Shares {
		was := s.was.Version(x.Version.Name)
		idle := was == nil || !was.Wanted()
		if x.Percent == 0 || x.Version.Wanted() || x.Version != primary && primary != nil && (primary.Wanted() || idle) {
			continue // a canary may always go: the gate takes its weight to 0
		}
		if was != nil && idle && before.Of(was.Name) >= x.Percent {
			continue // so it was
		}
		if s.old == nil {
			continue // an app that starts at 0 replicas strands nobody
		}
		return x.Version.Name, x.Percent, true
	}
	return "", 0, false
}
