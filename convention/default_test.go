package convention_test

import (
	"encoding/json"
	"maps"
	"strings"
	"testing"
	"time"

	jsonpatch "github.com/evanphx/json-patch/v5"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/convention"
)

var noon = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// apply makes the patch's object, as the API server would.
func apply(t testing.TB, text string, p convention.Patch) string {
	t.Helper()
	object, err := toJSON(text)
	if err != nil {
		t.Fatal(err)
	}
	if len(p) == 0 {
		return string(object)
	}
	encoded, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	patch, err := jsonpatch.DecodePatch(encoded)
	if err != nil {
		t.Fatal(err)
	}
	out, err := patch.Apply(object)
	if err != nil {
		t.Fatalf("apply %s: %v", encoded, err)
	}
	return string(out)
}

func paths(p convention.Patch) []string {
	var out []string
	for _, op := range p {
		out = append(out, op.Op+" "+op.Path)
	}
	return out
}

func TestDefault(t *testing.T) {
	t.Parallel()
	const containers = `{containers: [{name: main, ports: [{containerPort: 8080}]}]}`
	cases := map[string]struct {
		reason, old, in, want string
	}{
		"Least": {
			"no labels, no selector: all follow from app and name", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {app: echo, version: v1}}, template: {metadata: {labels: {app: echo, version: v1}}, spec: ` + containers + `}}`,
		},
		"UnknownFields": {
			"what Aviary does not know survives, numbers too", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo, other: x}, generation: 9007199254740993}
spec: {progressDeadlineSeconds: 9007199254740993, future: {a: [1, 2.5, null]}, template: {metadata: {name: x}, spec: ` + containers + `}}
other: true`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo, other: x}, generation: 9007199254740993, labels: {app: echo, version: v1}}
spec: {progressDeadlineSeconds: 9007199254740993, future: {a: [1, 2.5, null]}, selector: {matchLabels: {app: echo, version: v1}}, template: {metadata: {name: x, labels: {app: echo, version: v1}}, spec: ` + containers + `}}
other: true`,
		},
		"NullMaps": {
			"null is absent", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: null}
spec: {selector: null, template: {metadata: null, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {app: echo, version: v1}}, template: {metadata: {labels: {app: echo, version: v1}}, spec: ` + containers + `}}`,
		},
		"EmptyMaps": {
			"an empty map is filled, an empty selector is none", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {}}
spec: {selector: {matchLabels: {}}, template: {metadata: {labels: {}}, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {app: echo, version: v1}}, template: {metadata: {labels: {app: echo, version: v1}}, spec: ` + containers + `}}`,
		},
		"KeepsValues": {
			"existing values are never overwritten, and the selector follows the pods", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: mine}}
spec: {template: {metadata: {labels: {app: mine}}, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: mine, version: v1}}
spec: {selector: {matchLabels: {app: mine, version: v1}}, template: {metadata: {labels: {app: mine, version: v1}}, spec: ` + containers + `}}`,
		},
		"KeepsSelector": {
			"a LabelSelector is atomic: no key is added to an existing one", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {selector: {matchLabels: {app: echo}}, template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {app: echo}}, template: {metadata: {labels: {app: echo, version: v1}}, spec: ` + containers + `}}`,
		},
		"KeepsExpressions": {
			"a selector of expressions is one", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {selector: {matchExpressions: [{key: app, operator: Exists}]}, template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchExpressions: [{key: app, operator: Exists}]}, template: {metadata: {labels: {app: echo, version: v1}}, spec: ` + containers + `}}`,
		},
		"OldSelector": {
			"on UPDATE an absent selector comes back: it is immutable",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {selector: {matchLabels: {old: "yes"}}, template: {metadata: {labels: {old: "yes"}}, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {template: {metadata: {labels: {old: "yes"}}, spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {selector: {matchLabels: {old: "yes"}}, template: {metadata: {labels: {old: "yes", app: echo, version: v1}}, spec: ` + containers + `}}`,
		},
		"NotOurs": {
			"no annotation, no patch", "",
			`metadata: {name: echo-v1}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1}
spec: {template: {spec: ` + containers + `}}`,
		},
		"Unreadable": {
			"labels of a version that nobody knows would be wrong", "",
			`metadata: {name: blue, annotations: {aviary.dev/app: echo}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: blue, annotations: {aviary.dev/app: echo}}
spec: {template: {spec: ` + containers + `}}`,
		},
		"UnreadableApp": {
			"nor of an app that can't be one", "",
			`metadata: {name: Echo-v1, annotations: {aviary.dev/app: Echo}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: Echo-v1, annotations: {aviary.dev/app: Echo}}
spec: {template: {spec: ` + containers + `}}`,
		},
		"LeftItsApp": {
			"the stamps of an app that it is no part of go", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/promoted-at: "2026-01-01T11:00:00.000Z", aviary.dev/weight-raised-at: "2026-01-01T11:00:00.000Z"}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {}}
spec: {template: {spec: ` + containers + `}}`,
		},
		"OverrideOfNoApp": {
			"an override counts on any workload", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/override: "stranded-traffic: INC-42"}}
spec: {template: {spec: ` + containers + `}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/override: "stranded-traffic: INC-42", aviary.dev/overridden-at: "2026-01-01T12:00:00.000Z"}}
spec: {template: {spec: ` + containers + `}}`,
		},
		"NoTemplate": {
			"the API server refuses it; a patch that can't be applied would hide why", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}
spec: {replicas: 1}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}
spec: {replicas: 1}`,
		},
		"NoSpec": {
			"as above", "",
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}}`,
			`metadata: {name: echo-v1, annotations: {aviary.dev/app: echo}, labels: {app: echo, version: v1}}`,
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var old *convention.Deployment
			if tc.old != "" {
				old = decode(t, tc.old)
			}
			got := apply(t, tc.in, convention.Default(old, decode(t, tc.in), nil, convention.DefaultLabelKeys(), noon))
			want := apply(t, tc.want, nil)
			if diff := diffJSON(t, want, got); diff != "" {
				t.Errorf("%s\nDefault(): -want +got:\n%s", tc.reason, diff)
			}
			if again := convention.Default(old, decode(t, got), nil, convention.DefaultLabelKeys(), noon); len(again) > 0 {
				t.Errorf("Default() of a defaulted object = %v, want nothing", again)
			}
		})
	}
}

func diffJSON(t testing.TB, a, b string) string {
	t.Helper()
	var values [2]any
	for i, text := range []string{a, b} {
		d := json.NewDecoder(strings.NewReader(text))
		d.UseNumber() // a float64 would hide a number that lost digits
		if err := d.Decode(&values[i]); err != nil {
			t.Fatal(err)
		}
	}
	return cmp.Diff(values[0], values[1])
}

// Of an object as the API server stores it nothing changes, in either direction of a promotion.
func TestDefaultOfStored(t *testing.T) {
	t.Parallel()
	text := `
metadata:
  name: echo-v1
  annotations: {aviary.dev/app: echo, aviary.dev/role: primary, aviary.dev/promoted-at: "2026-01-01T11:00:00.000Z"}
  labels: {app: echo, version: v1}
  managedFields: [{manager: kubectl}]
spec:
  selector: {matchLabels: {app: echo, version: v1}}
  template: {metadata: {creationTimestamp: null, labels: {app: echo, version: v1}}, spec: {containers: [{name: main}]}}
`
	if p := convention.Default(decode(t, text), decode(t, text), nil, convention.DefaultLabelKeys(), noon); len(p) > 0 {
		t.Errorf("Default() = %v, want nothing", p)
	}
}

func TestStamps(t *testing.T) {
	t.Parallel()
	const (
		promoted = convention.KeyPromotedAt
		raised   = convention.KeyWeightRaisedAt
		override = convention.KeyOverride
		said     = convention.KeyOverriddenAt
		role     = convention.KeyRole
		weight   = convention.KeyWeight
		early    = "2026-01-01T10:00:00.000Z"
		recent   = "2026-01-01T11:59:50.000Z" // 10 s ago
		stale    = "2026-01-01T11:59:29.000Z" // 31 s ago
		now      = "2026-01-01T12:00:00.000Z"
		future   = "2026-01-01T12:00:00.001Z"
	)
	type set = map[string]string
	at := func(text string) time.Time {
		out, err := time.Parse(time.RFC3339Nano, text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	cases := map[string]struct {
		reason    string
		old, sent set
		others    []*convention.Version
		want      set // of the stamps
	}{
		"CreatePrimary":       {"a promotion", nil, set{role: "primary"}, nil, set{promoted: now}},
		"CreateStandby":       {"none", nil, set{role: "standby"}, nil, set{}},
		"CreateImplicit":      {"nothing was stated", nil, set{}, nil, set{}},
		"CreateWeight":        {"from nothing to 10", nil, set{role: "canary", weight: "10"}, nil, set{raised: now}},
		"CreateWeight0":       {"no rise", nil, set{role: "canary", weight: "0"}, nil, set{}},
		"Restore":             {"a backup keeps its order", nil, set{role: "primary", promoted: early}, nil, set{promoted: early}},
		"RestoreFuture":       {"nobody may claim the future", nil, set{role: "primary", promoted: future}, nil, set{promoted: now}},
		"RestoreOfNothing":    {"a stamp that describes nothing goes", nil, set{role: "standby", promoted: early}, nil, set{}},
		"Promote":             {"role becomes primary", set{role: "canary"}, set{role: "primary"}, nil, set{promoted: now}},
		"PromoteAgain":        {"it had been primary before", set{role: "standby", promoted: early}, set{role: "primary", promoted: early}, nil, set{promoted: now}},
		"Demote":              {"the stamp stays, as history", set{role: "primary", promoted: early}, set{role: "canary", promoted: early}, nil, set{promoted: early}},
		"Same":                {"an apply without the stamp (a last-applied that lacks it) gets it back", set{role: "primary", promoted: early}, set{role: "primary"}, nil, set{promoted: early}},
		"Forged":              {"without a change nobody moves it", set{role: "primary", promoted: early}, set{role: "primary", promoted: recent}, nil, set{promoted: early}},
		"ForgedNew":           {"nor invents one", set{role: "primary"}, set{role: "primary", promoted: recent}, nil, set{}},
		"Retry":               {"a reinvocation finds its own stamp", set{role: "canary", promoted: early}, set{role: "primary", promoted: recent}, nil, set{promoted: recent}},
		"Stale":               {"30 s is no retry any more", set{role: "canary", promoted: early}, set{role: "primary", promoted: stale}, nil, set{promoted: now}},
		"Backwards":           {"older than the old one", set{role: "canary", promoted: recent}, set{role: "primary", promoted: early}, nil, set{promoted: now}},
		"SentFuture":          {"on UPDATE neither", set{role: "canary"}, set{role: "primary", promoted: future}, nil, set{promoted: now}},
		"SentGarbage":         {"not a time", set{role: "canary"}, set{role: "primary", promoted: "now"}, nil, set{promoted: now}},
		"AfterOthers":         {"a replica's clock that is behind never reverses an order", set{role: "canary"}, set{role: "primary"}, []*convention.Version{{Deployment: "echo-v2", PromotedAt: at("2026-01-01T12:00:05.000Z")}}, set{promoted: "2026-01-01T12:00:05.001Z"}},
		"BeforeOthers":        {"the newest of others is older", set{role: "canary"}, set{role: "primary"}, []*convention.Version{{Deployment: "echo-v2", PromotedAt: at(early)}}, set{promoted: now}},
		"SameMillisecond":     {"two promotions at once have an order", set{role: "canary"}, set{role: "primary"}, []*convention.Version{{Deployment: "echo-v2", PromotedAt: noon}}, set{promoted: future}},
		"SubMillisecond":      {"nor do fractions reverse it", set{role: "canary"}, set{role: "primary"}, []*convention.Version{{Deployment: "echo-v2", PromotedAt: noon.Add(999 * time.Microsecond)}}, set{promoted: future}},
		"OneselfIsNoOther":    {"the cache holds the old object too", set{role: "canary"}, set{role: "primary"}, []*convention.Version{{Deployment: "echo-v1", PromotedAt: noon.Add(time.Hour)}}, set{promoted: now}},
		"WeightRises":         {"10 to 20", set{role: "canary", weight: "10", raised: early}, set{role: "canary", weight: "20", raised: early}, nil, set{raised: now}},
		"WeightFalls":         {"not a rise", set{role: "canary", weight: "20", raised: early}, set{role: "canary", weight: "10"}, nil, set{raised: early}},
		"WeightOfNoCanary":    {"has no effect, so it did not rise", set{role: "primary"}, set{role: "primary", weight: "10"}, nil, set{}},
		"WeightBecomesCanary": {"now it has one", set{role: "standby", weight: "10"}, set{role: "canary", weight: "10"}, nil, set{raised: now}},
		"StaleAtLast":         {"nor is exactly 30 s", set{role: "canary", promoted: early}, set{role: "primary", promoted: "2026-01-01T11:59:30.000Z"}, nil, set{promoted: now}},
		"RaisedAfterOthers":   {"as for a promotion", set{role: "canary"}, set{role: "canary", weight: "10"}, []*convention.Version{{Deployment: "echo-v2", WeightRaisedAt: noon}}, set{raised: future}},
		"Override":            {"an hour begins", set{}, set{override: "promotion: a"}, nil, set{said: now}},
		"OverrideCreate":      {"also with the object", nil, set{override: "promotion: a"}, nil, set{said: now}},
		"OverrideOther":       {"another one, another hour", set{override: "promotion: a", said: early}, set{override: "promotion: b", said: early}, nil, set{said: now}},
		"OverrideSame":        {"said once more, it is not said anew", set{override: "promotion: a", said: early}, set{override: "promotion: a"}, nil, set{said: early}},
		"OverrideGone":        {"the stamp stays, as history", set{override: "promotion: a", said: early}, set{}, nil, set{said: early}},
		"OverrideAfterOthers": {"as for a promotion", set{}, set{override: "promotion: a"}, []*convention.Version{{Deployment: "echo-v2", OverriddenAt: noon}}, set{said: future}},
		"Both":                {"each by its own", set{role: "canary", weight: "100", raised: early}, set{role: "primary", raised: early}, nil, set{promoted: now, raised: early}},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			full := func(s set) string {
				data, err := json.Marshal(map[string]any{
					"metadata": map[string]any{"name": "echo-v1", "labels": set{"app": "echo", "version": "v1"}, "annotations": merge(s, set{convention.KeyApp: "echo"})},
					"spec": map[string]any{
						"selector": map[string]any{"matchLabels": set{"app": "echo"}},
						"template": map[string]any{"metadata": map[string]any{"labels": set{"app": "echo", "version": "v1"}}},
					},
				})
				if err != nil {
					t.Fatal(err)
				}
				return string(data)
			}
			var old *convention.Deployment
			if tc.old != nil {
				old = decode(t, full(tc.old))
			}
			p := convention.Default(old, decode(t, full(tc.sent)), tc.others, convention.DefaultLabelKeys(), noon)
			got := decode(t, apply(t, full(tc.sent), p))
			stamps := set{}
			for _, key := range []string{promoted, raised, said} {
				if text, ok := got.Annotations[key]; ok {
					stamps[key] = text
				}
			}
			if diff := cmp.Diff(tc.want, stamps, cmpopts.EquateEmpty()); diff != "" {
				t.Errorf("%s\nstamps: -want +got:\n%s", tc.reason, diff)
			}
			if again := convention.Default(old, got, tc.others, convention.DefaultLabelKeys(), noon); len(again) > 0 {
				t.Errorf("Default() once more = %v, want nothing", paths(again))
			}
			if v, _ := convention.Read(got, convention.DefaultLabelKeys()); convention.Unstamped(read(old), v) {
				t.Error("Unstamped() of what Default made")
			}
		})
	}
}

func merge(a, b map[string]string) map[string]string {
	out := maps.Clone(a)
	if out == nil {
		out = map[string]string{}
	}
	maps.Copy(out, b)
	return out
}

func read(d *convention.Deployment) *convention.Version {
	if d == nil {
		return nil
	}
	v, _ := convention.Read(d, convention.DefaultLabelKeys())
	return v
}

func TestUnstamped(t *testing.T) {
	t.Parallel()
	at := func(h int) time.Time { return noon.Add(time.Duration(h) * time.Hour) }
	cases := map[string]struct {
		reason   string
		old, now *convention.Version
		want     bool
	}{
		"Create":        {"the defaulting call was missed", nil, &convention.Version{Role: convention.Primary}, true},
		"CreateStamped": {"it was not", nil, &convention.Version{Role: convention.Primary, PromotedAt: noon}, false},
		"Promote":       {"missed", &convention.Version{Role: convention.Canary}, &convention.Version{Role: convention.Primary}, true},
		"PromoteOld":    {"the stamp of an earlier promotion", &convention.Version{Role: convention.Canary, PromotedAt: noon}, &convention.Version{Role: convention.Primary, PromotedAt: noon}, true},
		"PromoteNew":    {"stamped", &convention.Version{Role: convention.Canary, PromotedAt: noon}, &convention.Version{Role: convention.Primary, PromotedAt: at(1)}, false},
		"Stays":         {"nothing changes", &convention.Version{Role: convention.Primary}, &convention.Version{Role: convention.Primary}, false},
		"Canary":        {"no stamp needed", nil, &convention.Version{Role: convention.Canary}, false},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := convention.Unstamped(tc.old, tc.now); got != tc.want {
				t.Errorf("%s\nUnstamped() = %t, want %t", tc.reason, got, tc.want)
			}
		})
	}
}

func TestDefaultTable(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		labels map[string]string
		groups []string
		want   []string
	}{
		"NoGroup":  {"may be internal on purpose", nil, nil, nil},
		"NoLabels": {"the first of the list", nil, []string{"a", "b"}, []string{"add /metadata/labels"}},
		"Labels":   {"beside others", map[string]string{"x": "y"}, []string{"a"}, []string{"add /metadata/labels/apiGroup"}},
		"Has":      {"never overwritten", map[string]string{"apiGroup": "z"}, []string{"a"}, nil},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := paths(convention.DefaultTable(tc.labels, tc.groups, convention.DefaultLabelKeys()))
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s\nDefaultTable(): -want +got:\n%s", tc.reason, diff)
			}
		})
	}
}
