package judge_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// withPods has, besides, bare Pods of a version.
type withPods struct {
	*inventory.Store
	version string
}

func (p withPods) Pods(context.Context, string, map[string]string) ([]*fact.Workload, error) {
	return []*fact.Workload{{Labels: map[string]string{"app": "echo", "version": p.version}, Replicas: 1}}, nil
}

// TestUnready: a hand-made route that went to a version without an available replica is told as long as that lasts. Who
// has the rule deny is refused what moves traffic there, and warned of what was there before.
func TestUnready(t *testing.T) {
	t.Parallel()
	config := policy.DefaultConfig()
	config.Rules = map[string]policy.RuleConfig{"capacity": {Mode: policy.ModeDeny}}
	j := judgeOf(t, config)
	table := func(path, destinations string) fact.Fact {
		return facts(t, []byte("{apiVersion: gateway.solo.io/v1, kind: RouteTable, "+
			"metadata: {name: by-hand, namespace: echo}, spec: {routes: "+
			"[{matchers: [{prefix: "+path+"}], routeAction: {multi: {destinations: ["+destinations+"]}}}]}}"))[0]
	}
	to := func(v1, v2 int) string {
		const one = "{weight: %d, destination: {upstream: {name: echo}, subset: {values: {version: v%d}}}}"
		return fmt.Sprintf(one+", "+one, v1, 1, v2, 2)
	}
	const deny, warn, none = policy.ModeDeny, policy.ModeWarn, policy.ModeUnset
	update := func(old, now fact.Fact) judge.Request {
		return judge.Request{Operation: judge.Update, Old: old, New: now}
	}
	standing, before := table("/echo", to(0, 100)), table("/echo", to(100, 0))
	for name, c := range map[string]struct {
		v1, v2  int // available replicas
		pods    string
		request judge.Request
		want    policy.Mode
	}{
		"It moves":                       {1, 0, "", update(before, standing), deny},
		"It moves in part":               {1, 0, "", update(before, table("/echo", to(90, 10))), deny},
		"It moves more":                  {1, 0, "", update(table("/echo", to(90, 10)), table("/echo", to(80, 20))), deny},
		"It moves and v2 serves":         {1, 1, "", update(before, standing), none},
		"It moves and v2 runs elsewhere": {1, 0, "v2", update(before, standing), none},
		"It moves and v1 is down, too":   {0, 0, "", update(before, standing), none},
		"It stands":                      {1, 0, "", judge.Request{Operation: judge.Audit, New: standing}, deny},
		"It stands and v1 is down, too":  {0, 0, "", judge.Request{Operation: judge.Audit, New: standing}, none},
		"It stands and v2 serves":        {0, 1, "", judge.Request{Operation: judge.Audit, New: standing}, none},
		"It stands and is written again": {1, 0, "", update(standing, standing), warn},
		"It stands with other weights":   {1, 0, "", update(table("/echo", to(0, 1)), table("/echo", to(0, 2))), deny},
		"It goes back":                   {1, 0, "", update(standing, before), none},
		"It is at another path":          {1, 0, "", update(before, table("/other", to(0, 100))), deny},
	} {
		store := inventory.NewStore()
		for version, available := range map[string]int{"v1": c.v1, "v2": c.v2} {
			deployment := "{apiVersion: apps/v1, kind: Deployment, metadata: {name: echo-$v, namespace: echo, uid: $v}, " +
				"spec: {selector: {matchLabels: {app: echo, version: $v}}, " +
				"template: {metadata: {labels: {app: echo, version: $v}}, spec: {containers: []}}}, " +
				"status: {availableReplicas: $n}}"
			deployment = strings.NewReplacer("$v", version, "$n", fmt.Sprint(available)).Replace(deployment)
			store.Put(facts(t, []byte(deployment))[0])
		}
		upstream := "{apiVersion: gloo.solo.io/v1, kind: Upstream, metadata: {name: echo, namespace: echo}, " +
			"spec: {kube: {serviceName: echo, serviceNamespace: echo, servicePort: 80, " +
			"selector: {app: echo}, subsetSpec: {selectors: [{keys: [version]}]}}}}"
		store.Put(facts(t, []byte(upstream))[0])
		var world fact.Reader = store
		if c.pods != "" {
			world = withPods{store, c.pods}
		}
		found, err := j.Decide(t.Context(), c.request, world)
		if err == nil {
			found, err = j.Ratchet(t.Context(), c.request, found, world)
		}
		if err != nil {
			t.Fatal(err)
		}
		got := none
		if i := slices.IndexFunc(found, func(f policy.Finding) bool { return f.Rule == "capacity" }); i >= 0 {
			got = found[i].Mode
		}
		if got != c.want {
			t.Errorf("%s: got %v, want %v: %v", name, got, c.want, found)
		}
	}
}
