package judge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// versionYAML is Deployment echo-v1, which is v1 of app echo.
func versionYAML(annotations string) string {
	return `{apiVersion: apps/v1, kind: Deployment,
 metadata: {name: echo-v1, namespace: echo, annotations: {` + annotations + `}},
 spec: {selector: {matchLabels: {app: echo, version: v1}},
  template: {metadata: {labels: {app: echo, version: v1, tier: web}}, spec: {containers: [{name: c}]}}}}`
}

// plainYAML is a workload that says nothing about Aviary.
func plainYAML(kind, metadata, labels, spec string) string {
	return fmt.Sprintf(`{apiVersion: apps/v1, kind: %s, metadata: {%s}, spec: {%sselector: {matchLabels: {%s}},
 template: {metadata: {labels: {%s}}, spec: {containers: [{name: c}]}}}}`, kind, metadata, spec, labels, labels)
}

const (
	ofEcho = "aviary.dev/app: echo, aviary.dev/version: v1, aviary.dev/role: primary"
	plain  = "name: plain, namespace: echo"
	asV1   = "app: echo, version: v1"
)

// TestJoinsAVersion: a workload is told of whose Pods get a version's traffic, and no other.
func TestJoinsAVersion(t *testing.T) {
	t.Parallel()
	service := func(selector string) string {
		return `{apiVersion: v1, kind: Service, metadata: {name: echo, namespace: echo},
 spec: {selector: {` + selector + `}, ports: [{port: 80}]}}`
	}
	upstream := `{apiVersion: gloo.solo.io/v1, kind: Upstream, metadata: {name: echo, namespace: echo},
 spec: {kube: {serviceName: echo, serviceNamespace: echo, servicePort: 80,
  subsetSpec: {selectors: [{keys: [version]}]}}}}`
	for _, c := range []struct {
		name, version, plain string
		beside               []string
		want                 bool
	}{
		{"Deployment", versionYAML(ofEcho), plainYAML("Deployment", plain, asV1, ""), nil, true},
		{"StatefulSet", versionYAML(ofEcho), plainYAML("StatefulSet", plain, asV1, ""), nil, true},
		{"DaemonSet", versionYAML(ofEcho), plainYAML("DaemonSet", plain, asV1, ""), nil, true},
		{
			"annotations of others", versionYAML(ofEcho),
			plainYAML("Deployment", plain+", annotations: {team: x}", asV1, ""), nil, true,
		},
		{"another app", versionYAML(ofEcho), plainYAML("Deployment", plain, "app: fox, version: v1", ""), nil, false},
		{"another version", versionYAML(ofEcho), plainYAML("Deployment", plain, "app: echo, version: v2", ""), nil, false},
		{"no version", versionYAML(ofEcho), plainYAML("Deployment", plain, "app: echo", ""), nil, false},
		{
			"another namespace", versionYAML(ofEcho),
			plainYAML("Deployment", "name: plain, namespace: fox", asV1, ""), nil, false,
		},
		{"no replicas", versionYAML(ofEcho), plainYAML("Deployment", plain, asV1, "replicas: 0, "), nil, false},
		{"being deleted", versionYAML(ofEcho), plainYAML("Deployment",
			plain+`, deletionTimestamp: "2026-01-01T00:00:00Z", finalizers: [a/b]`, asV1, ""), nil, false},
		{"two by hand", versionYAML(""), plainYAML("DaemonSet", plain, asV1, ""), nil, false},
		{
			"an app that retires", versionYAML(ofEcho + `, aviary.dev/retire: "true"`),
			plainYAML("Deployment", plain, asV1, ""), nil, false,
		},
		{
			"a Service that leaves it out", versionYAML(ofEcho + ", aviary.dev/use: 'service,upstream'"),
			plainYAML("Deployment", plain, asV1, ""),
			[]string{service("app: echo, tier: web"), upstream},
			false,
		},
		{
			"a Service that takes it", versionYAML(ofEcho + ", aviary.dev/use: 'service,upstream'"),
			plainYAML("Deployment", plain, asV1+", tier: web", ""),
			[]string{service("app: echo, tier: web"), upstream},
			true,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			store := inventory.NewStore()
			for _, text := range append(c.beside, c.version, c.plain) {
				for _, f := range facts(t, []byte(text)) {
					store.Put(f)
				}
			}
			version := facts(t, []byte(c.version))[0]
			joining := facts(t, []byte(c.plain))[0]
			for door, r := range map[string]judge.Request{
				"workload created":   {Operation: judge.Create, New: joining},
				"workload changed":   {Operation: judge.Update, Old: joining, New: joining},
				"workload audited":   {Operation: judge.Audit, New: joining},
				"Deployment created": {Operation: judge.Create, New: version},
				"Deployment changed": {Operation: judge.Update, Old: version, New: version},
				"Deployment audited": {Operation: judge.Audit, New: version},
			} {
				if got := tellsOf(t, store, r, "version-unique"); got != c.want {
					t.Errorf("%s: got %v", door, got)
				}
			}
		})
	}
}

// tellsOf reports whether a rule warns, and fails the test where it denies.
func tellsOf(t *testing.T, facts fact.Reader, r judge.Request, rule string) bool {
	t.Helper()
	found, err := judgeOf(t, policy.DefaultConfig()).Decide(t.Context(), r, facts)
	if err != nil {
		t.Fatal(err)
	}
	return slices.ContainsFunc(found, func(f policy.Finding) bool {
		if f.Rule == rule && f.Mode != policy.ModeWarn {
			t.Errorf("must only warn: %s", f)
		}
		return f.Rule == rule
	})
}

// TestAffectsWhoJoins: a Deployment that becomes a version, or is none any more, changes what is to be said of the
// workloads with its labels.
func TestAffectsWhoJoins(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for _, text := range []string{
		plainYAML("StatefulSet", plain, asV1, ""),
		plainYAML("StatefulSet", "name: else, namespace: echo", "app: echo, version: v2", ""),
	} {
		store.Put(facts(t, []byte(text))[0])
	}
	version := facts(t, []byte(versionYAML(ofEcho)))[0]
	for _, change := range [][]judge.Change{changed(nil, version), changed(version, nil)} {
		ids, err := judgeOf(t, policy.DefaultConfig()).Affected(t.Context(), change, store)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, id := range ids {
			if id.GroupKind == fact.StatefulSetKind {
				got = append(got, id.Name)
			}
		}
		if strings.Join(got, " ") != "plain" {
			t.Errorf("got %v", ids)
		}
	}
}
