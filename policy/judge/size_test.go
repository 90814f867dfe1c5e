package judge_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

// writing is a dialect that counts the objects which are written out.
type writing struct {
	gloo.Dialect
	written *int
}

func (w writing) Siblings(app *convention.App, p convention.Plan) []dialect.Sibling {
	out := w.Dialect.Siblings(app, p)
	for i := range out {
		object := out[i].Object
		out[i].Object = func() *unstructured.Unstructured { *w.written++; return object() }
	}
	return out
}

// The default bounds, and what is done to see that they are kept: an ordinary table is never
// written out for it.
func TestPlannedSize(t *testing.T) {
	t.Parallel()
	const most = 32 // paths
	short := func(i int) string { return fmt.Sprintf("stage=v%d", i) }
	long := func(i int) string { // eight headers of 4,000 bytes together
		var out []string
		for k := range 8 {
			out = append(out, fmt.Sprintf("x-%d=%s", 100*i+k, strings.Repeat("v", 490)))
		}
		return strings.Join(out, ",")
	}
	cases := map[string]struct {
		reason          string
		paths, canaries int
		headers         func(int) string
		says            string
		written         int
	}{
		"Ordinary":         {"ten paths and three canaries", 10, 3, short, "", 0},
		"ManyDestinations": {"32 x 30 and 32 x 31", most, 30, short, "", 2},
		"TooMany":          {"32 x 31 and 32 x 32", most, 31, short, "2016 destinations, must have at most 2000", 2},
		"ManyBytes":        {"32 x 10 times 4 KB", most, 10, long, "", 2},
		"TooManyBytes":     {"32 x 11 times 4 KB", most, 11, long, "bytes, must have at most 1500000", 2},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			written := 0
			kinds := dialect.NewKinds(convention.DefaultLabelKeys(), writing{gloo.Dialect{}, &written})
			config := policy.DefaultConfig()
			config.Defaults.APIGroup = "example"
			paths := make([]string, c.paths)
			for i := range paths {
				paths[i] = fmt.Sprintf("/echo/%d", i)
			}
			store := inventory.NewStore()
			store.Put(workload(t, kinds, "v0", "primary", "aviary.dev/paths: '"+strings.Join(paths, ",")+"'"))
			for i := range c.canaries - 1 {
				store.Put(workload(t, kinds, fmt.Sprintf("c%d", i), "canary", "aviary.dev/headers: '"+c.headers(i)+"'"))
			}
			last := workload(t, kinds, "last", "canary", "aviary.dev/headers: '"+c.headers(c.canaries)+"'")
			r := judge.Request{Operation: judge.Create, New: last}
			findings, err := judgeWith(t, config, kinds).Decide(t.Context(), r, store)
			if err != nil {
				t.Fatal(err)
			}
			found := slices.IndexFunc(findings, func(f policy.Finding) bool { return f.Rule == judge.SizeLimits })
			switch {
			case (found >= 0) != (c.says != ""):
				t.Errorf("%s: %v", c.reason, findings)
			case found >= 0 && (!strings.Contains(findings[found].Message, c.says) || !findings[found].Evidence):
				t.Errorf("%s: %v, must say %q", c.reason, findings[found], c.says)
			}
			if written > c.written {
				t.Errorf("%s: %d objects are written out, must be at most %d", c.reason, written, c.written)
			}
		})
	}
}

// A table of which no size is told may not be above a bound.
func TestNoBoundIsBelowWhatIsTold(t *testing.T) {
	t.Parallel()
	for _, r := range policy.Rules() {
		if r.ID != judge.SizeLimits {
			continue
		}
		for name, told := range map[string]float64{
			"destinations": 100, "bytes": 512 << 10, "matchers": 100, "delegations": 100, "regexBytes": 4 << 10,
			"namespaceDelegations": 100, "namespaceMatchers": 1000, "namespaceBytes": 1 << 20,
		} {
			if low := r.Params[name].Minimum; low == nil || *low < told {
				t.Errorf("%s: the minimum is %v, must be at least %v", name, low, told)
			}
		}
		return
	}
	t.Errorf("there is no rule %s", judge.SizeLimits)
}

func workload(t *testing.T, kinds *dialect.Kinds, version, role, more string) fact.Fact {
	t.Helper()
	text := `{apiVersion: apps/v1, kind: Deployment, metadata: {name: echo-VERSION, namespace: echo, annotations: {
 aviary.dev/app: echo, aviary.dev/role: ` + role + `,
 aviary.dev/promoted-at: '2026-01-01T00:00:00.000Z', ` + more + `}},
 spec: {selector: {matchLabels: {app: echo, version: VERSION}}, template: {
  metadata: {labels: {app: echo, version: VERSION}}, spec: {containers: [{name: c, ports: [{containerPort: 80}]}]}}}}`
	return factsOf(t, kinds, strings.ReplaceAll(text, "VERSION", version))[0]
}
