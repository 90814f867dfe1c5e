package convention_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"aviary.dev/convention"
)

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
		"CreatePrimary":  {"a promotion", nil, set{role: "primary"}, nil, set{promoted: now}},
		"CreateStandby":  {"none", nil, set{role: "standby"}, nil, set{}},
		"CreateImplicit": {"nothing was stated", nil, set{}, nil, set{}},
		"CreateWeight":   {"from nothing to 10", nil, set{role: "canary", weight: "10"}, nil, set{raised: now}},
		"CreateWeight0":  {"no rise", nil, set{role: "canary", weight: "0"}, nil, set{}},
		"Restore": {
			"a backup keeps its order", nil, set{role: "primary", promoted: early}, nil, set{promoted: early},
		},
		"RestoreFuture": {
			"nobody may claim the future", nil, set{role: "primary", promoted: future}, nil, set{promoted: now},
		},
		"RestoreOfNothing": {
			"it may have been the incumbent", nil, set{role: "standby", promoted: early}, nil, set{promoted: early},
		},
		"RestoreOfNothingFuture": {
			"nobody may claim the future", nil, set{role: "standby", promoted: future}, nil, set{},
		},
		"RestoreOfNoTime": {
			"what can't be read is no stamp", nil, set{role: "standby", promoted: "x"}, nil, set{},
		},
		"Promote": {"role becomes primary", set{role: "canary"}, set{role: "primary"}, nil, set{promoted: now}},
		"PromoteAgain": {
			"it had been primary before",
			set{role: "standby", promoted: early},
			set{role: "primary", promoted: early},
			nil,
			set{promoted: now},
		},
		"Demote": {
			"the stamp stays, as history",
			set{role: "primary", promoted: early},
			set{role: "canary", promoted: early},
			nil,
			set{promoted: early},
		},
		"Same": {
			"an apply without the stamp (a last-applied that lacks it) gets it back",
			set{role: "primary", promoted: early},
			set{role: "primary"},
			nil,
			set{promoted: early},
		},
		"Forged": {
			"without a change nobody moves it",
			set{role: "primary", promoted: early},
			set{role: "primary", promoted: recent},
			nil,
			set{promoted: early},
		},
		"ForgedNew": {"nor invents one", set{role: "primary"}, set{role: "primary", promoted: recent}, nil, set{}},
		"Retry": {
			"a reinvocation finds its own stamp",
			set{role: "canary", promoted: early},
			set{role: "primary", promoted: recent},
			nil,
			set{promoted: recent},
		},
		"Stale": {
			"30 s is no retry any more",
			set{role: "canary", promoted: early},
			set{role: "primary", promoted: stale},
			nil,
			set{promoted: now},
		},
		"Backwards": {
			"older than the old one",
			set{role: "canary", promoted: recent},
			set{role: "primary", promoted: early},
			nil,
			set{promoted: now},
		},
		"SentFuture": {
			"on UPDATE neither", set{role: "canary"}, set{role: "primary", promoted: future}, nil, set{promoted: now},
		},
		"SentGarbage": {
			"not a time", set{role: "canary"}, set{role: "primary", promoted: "now"}, nil, set{promoted: now},
		},
		"AfterOthers": {
			"a replica's clock that is behind never reverses an order",
			set{role: "canary"},
			set{role: "primary"},
			[]*convention.Version{{Deployment: "echo-v2", PromotedAt: at("2026-01-01T12:00:05.000Z")}},
			set{promoted: "2026-01-01T12:00:05.001Z"},
		},
		"BeforeOthers": {
			"the newest of others is older",
			set{role: "canary"},
			set{role: "primary"},
			[]*convention.Version{{Deployment: "echo-v2", PromotedAt: at(early)}},
			set{promoted: now},
		},
		"SameMillisecond": {
			"two promotions at once have an order",
			set{role: "canary"},
			set{role: "primary"},
			[]*convention.Version{{Deployment: "echo-v2", PromotedAt: noon}},
			set{promoted: future},
		},
		"SubMillisecond": {
			"nor do fractions reverse it",
			set{role: "canary"},
			set{role: "primary"},
			[]*convention.Version{{Deployment: "echo-v2", PromotedAt: noon.Add(999 * time.Microsecond)}},
			set{promoted: future},
		},
		"OneselfIsNoOther": {
			"the cache holds the old object too",
			set{role: "canary"},
			set{role: "primary"},
			[]*convention.Version{{Deployment: "echo-v1", PromotedAt: noon.Add(time.Hour)}},
			set{promoted: now},
		},
		"WeightRises": {
			"10 to 20",
			set{role: "canary", weight: "10", raised: early},
			set{role: "canary", weight: "20", raised: early},
			nil,
			set{raised: now},
		},
		"WeightFalls": {
			"not a rise",
			set{role: "canary", weight: "20", raised: early},
			set{role: "canary", weight: "10"},
			nil,
			set{raised: early},
		},
		"WeightOfNoCanary": {
			"has no effect, so it did not rise", set{role: "primary"}, set{role: "primary", weight: "10"}, nil, set{},
		},
		"WeightBecomesCanary": {
			"now it has one", set{role: "standby", weight: "10"}, set{role: "canary", weight: "10"}, nil, set{raised: now},
		},
		"StaleAtLast": {
			"nor is exactly 30 s",
			set{role: "canary", promoted: early},
			set{role: "primary", promoted: "2026-01-01T11:59:30.000Z"},
			nil,
			set{promoted: now},
		},
		"RaisedAfterOthers": {
			"as for a promotion",
			set{role: "canary"},
			set{role: "canary", weight: "10"},
			[]*convention.Version{{Deployment: "echo-v2", WeightRaisedAt: noon}},
			set{raised: future},
		},
		"Override":       {"an hour begins", set{}, set{override: "promotion: a"}, nil, set{said: now}},
		"OverrideCreate": {"also with the object", nil, set{override: "promotion: a"}, nil, set{said: now}},
		"OverrideOther": {
			"another one, another hour",
			set{override: "promotion: a", said: early},
			set{override: "promotion: b", said: early},
			nil,
			set{said: now},
		},
		"OverrideSame": {
			"said once more, it is not said anew",
			set{override: "promotion: a", said: early},
			set{override: "promotion: a"},
			nil,
			set{said: early},
		},
		"OverrideGone": {
			"the stamp stays, as history", set{override: "promotion: a", said: early}, set{}, nil, set{said: early},
		},
		"OverrideAfterOthers": {
			"as for a promotion",
			set{},
			set{override: "promotion: a"},
			[]*convention.Version{{Deployment: "echo-v2", OverriddenAt: noon}},
			set{said: future},
		},
		"Both": {
			"each by its own",
			set{role: "canary", weight: "100", raised: early},
			set{role: "primary", raised: early},
			nil,
			set{promoted: now, raised: early},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			full := func(s set) string {
				data, err := json.Marshal(map[string]any{
					"metadata": map[string]any{
						"name": "echo-v1", "labels": set{"app": "echo", "version": "v1"},
						"annotations": merge(s, set{convention.KeyApp: "echo"}),
					},
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
			p := defaulted(old, decode(t, full(tc.sent)), tc.others...)
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
			if again := defaulted(old, got, tc.others...); len(again) > 0 {
				t.Errorf("Default() once more = %v, want nothing", paths(again))
			}
			v, _ := convention.Read(got, convention.DefaultLabelKeys())
			if app := convention.NewApp("echo", "echo", []*convention.Version{v}, nil, settings()); app.Unstamped(read(old), v) {
				t.Error("Unstamped() of what Default made")
			}
		})
	}
}
