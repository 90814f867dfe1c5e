package fact_test

import (
	"slices"
	"testing"

	"aviary.dev/fact"
)

// TestRollout: what is known of a Rollout's Pods from its manifest.
func TestRollout(t *testing.T) {
	t.Parallel()
	const (
		hash     = "rollouts-pod-template-hash"
		own      = "template: {metadata: {labels: {app: echo, version: v2, role: any}}}"
		selector = "selector: {matchLabels: {app: echo, version: v2}}"
		canary   = own + ", strategy: {canary: {canaryMetadata: {labels: {role: canary}}, " +
			"stableMetadata: {labels: {role: stable, tier: web}}}}"
		blueGreen = own + ", strategy: {blueGreen: {activeMetadata: {labels: {role: active}}, " +
			"previewMetadata: {labels: {role: preview}}}}"
	)
	of := func(kind string) string {
		return "workloadRef: {apiVersion: apps/v1, kind: " + kind + ", name: echo-v2}"
	}
	v2 := map[string]string{"app": "echo", "version": "v2"}
	for name, c := range map[string]struct {
		spec    string
		labels  map[string]string
		carries bool
		borrows string
	}{
		"Own":               {own, v2, true, ""},
		"OwnOther":          {own, map[string]string{"version": "v1"}, false, ""},
		"OwnNot":            {own, map[string]string{"team": "a"}, false, ""},
		"Hash":              {own, map[string]string{"version": "v2", hash: "x"}, true, ""},
		"HashOfOther":       {own, map[string]string{"version": "v1", hash: "x"}, false, ""},
		"DeploymentsHash":   {own, map[string]string{"pod-template-hash": "x"}, false, ""},
		"Canary":            {canary, map[string]string{"app": "echo", "role": "canary"}, true, ""},
		"Stable":            {canary, map[string]string{"role": "stable", "tier": "web"}, true, ""},
		"ByNoRole":          {canary, map[string]string{"role": "any"}, true, ""},
		"NoSuchRole":        {canary, map[string]string{"role": "active"}, false, ""},
		"Active":            {blueGreen, map[string]string{"role": "active"}, true, ""},
		"Preview":           {blueGreen, map[string]string{"role": "preview"}, true, ""},
		"AnothersTemplate":  {of("Deployment"), v2, false, "echo-v2"},
		"Selector":          {selector + ", " + of("Deployment"), v2, true, "echo-v2"},
		"OfAReplicaSet":     {of("ReplicaSet"), v2, false, ""},
		"SelectsReplicaSet": {selector + ", " + of("ReplicaSet"), v2, true, ""},
		"SelectorIsNot":     {selector + ", " + own[:9] + " {}", v2, false, ""},
	} {
		w := decode(t, "argoproj.io", "Rollout", "metadata: {name: r, namespace: a}\nspec: {"+c.spec+"}").(*fact.Workload)
		if got := w.Carries(c.labels); got != c.carries || w.Borrows != c.borrows || w.Replicas != 1 || w.Version != nil {
			t.Errorf("%s: carries %t, must be %t; borrows from %q; %d replicas", name, got, c.carries, w.Borrows, w.Replicas)
		}
	}
	if f := decode(t, "x.io", "Rollout", "metadata: {name: r}"); f != nil {
		t.Errorf("another group's Rollout is %v", f)
	}
}

// TestBorrow: a Rollout that takes a Deployment's pod template has that and replicas of its own.
func TestBorrow(t *testing.T) {
	t.Parallel()
	rollout := decode(t, "argoproj.io", "Rollout", "metadata: {name: r, namespace: a}\n"+
		"spec: {replicas: 3, workloadRef: {kind: Deployment, name: d}}").(*fact.Workload)
	deployment := decode(t, "apps", "Deployment", "metadata: {name: d, namespace: a}\nspec: {replicas: 0, template: "+
		"{metadata: {labels: {app: echo}}, spec: {containers: [{ports: [{containerPort: 80}]}]}}}").(*fact.Workload)
	got := rollout.Borrow(deployment)
	if got.ID != rollout.ID || got.Replicas != 3 || got.Unlisted || !slices.Equal(got.Ports, deployment.Ports) {
		t.Errorf("%+v", got)
	}
	carries := func(app string) bool {
		return got.Carries(map[string]string{"app": app, "rollouts-pod-template-hash": "x"})
	}
	if !carries("echo") || carries("fox") {
		t.Errorf("it must have the Deployment's labels: %+v", got)
	}
	if deployment.Deployed() || len(rollout.Labels) > 0 {
		t.Error("the Deployment, or what is indexed, has changed")
	}
}
