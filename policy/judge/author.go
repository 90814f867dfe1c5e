package judge

import (
	"context"
	"reflect"
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/convention"
	"aviary.dev/gloo"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/route"
)

// describeAuthor adds whether the author of the request may have the siblings changed that it changes: Aviary acts for
// the author, who must not get further through it. It asks only if the request changes what the siblings will be; what
// a removal leaves is nothing new, so nobody is asked for that.
func (j *Judge) describeAuthor(ctx context.Context, doc *policy.Object, s step, facts inventory.Reader) error {
	if s.request.May == nil || s.now == nil || s.request.Operation == Scale || !s.changesSiblings() {
		return nil
	}
	ns, err := facts.Namespace(ctx, s.app.Namespace)
	if err != nil {
		return err
	}
	author := j.build.Object()
	author.String("user", s.request.User)
	said := orZero(ns).Labels[convention.KeySelfService]
	if said != "" {
		author.String("selfService", said)
	}
	if said != "true" && said != "false" {
		lacks, unknown := s.lacks(ctx, facts)
		author.Strings("lacks", lacks)
		if unknown != nil {
			author.String("unknown", unknown.Error())
		}
	}
	doc.Term("author", author.Done())
	return nil
}

func (s step) changesSiblings() bool {
	same := func(a, b convention.Share) bool { return a.Percent == b.Percent && a.Version.Name == b.Version.Name }
	if !slices.EqualFunc(s.was.Traffic(nil).Shares, s.plan.Shares, same) {
		return true // which is seen faster than in what comes of it
	}
	was, is := s.was.Plan(nil), s.plan
	was.Shares, is.Shares = nil, nil // they name versions, whose other fields don't matter here
	return !reflect.DeepEqual(was, is)
}

// lacks gives the rights that the author would need and has not, as "create upstreams.gloo.solo.io".
func (s step) lacks(ctx context.Context, facts inventory.Reader) ([]string, error) {
	lacks := []string{}
	ask := func(kind schema.GroupKind, resource string, exists bool) error {
		verb := "create"
		if exists {
			verb = "update"
		}
		ok, err := s.request.May(ctx, verb, kind)
		if err == nil && !ok {
			lacks = append(lacks, verb+" "+resource)
		}
		return err
	}
	plan := s.plan
	if plan.Service != nil {
		service, err := facts.Service(ctx, route.Ref{Namespace: s.app.Namespace, Name: plan.Service.Name})
		if err == nil {
			err = ask(schema.GroupKind{Kind: inventory.KindService}, "services", service != nil)
		}
		if err != nil {
			return lacks, err
		}
	}
	if len(plan.Upstreams) > 0 {
		upstream, err := facts.Upstream(ctx, route.Ref{Namespace: s.app.Namespace, Name: plan.Upstreams[0].Name})
		if err == nil {
			err = ask(gloo.GlooGroup.WithKind(gloo.KindUpstream).GroupKind(), "upstreams.gloo.solo.io", upstream != nil)
		}
		if err != nil {
			return lacks, err
		}
	}
	if len(plan.Routes) > 0 {
		return lacks, ask(gloo.GatewayGroup.WithKind(gloo.KindRouteTable).GroupKind(), "routetables.gateway.solo.io", s.table != nil)
	}
	return lacks, nil
}
