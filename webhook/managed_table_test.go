package webhook_test

import (
	"cmp"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/inventory/inventorytest"
	"aviary.dev/policy"
	"aviary.dev/webhook"
)

// What Aviary keeps for app echo, and who else routes under the same domain.
const (
	keptRoute = `{"matchers":[{"prefix":"/echo"}],"routeAction":{"multi":{"destinations":[{"weight":90,
"destination":{"upstream":{"name":"echo","namespace":"n"},"subset":{"values":{"version":"v1"}}}},{"weight":10,
"destination":{"upstream":{"name":"echo","namespace":"n"},"subset":{"values":{"version":"v2"}}}}]}}}`
	keptTable = `{"metadata":{"name":"echo-routes","namespace":"n","labels":{"app.kubernetes.io/managed-by":"aviary",
"aviary.dev/app":"echo","apiGroup":"example"},
"annotations":{"aviary.dev/was-primary":"v1@a","aviary.dev/follows":"v1 primary, v2 canary 10"}},
"spec":{"routes":[` + keptRoute + `]}}`
	foxTable = `{"metadata":{"name":"fox","namespace":"fox","labels":{"apiGroup":"example"}},
"spec":{"routes":[{"matchers":[{"prefix":"/fox"}],"routeAction":{"single":{"upstream":{"name":"fox",
"namespace":"fox"}}}}]}}`
	foxUpstream = `{"metadata":{"name":"fox","namespace":"fox"},"spec":{"kube":{"serviceName":"fox",
"serviceNamespace":"fox"}}}`
	publicRoot = `{"metadata":{"name":"public","namespace":"gloo-system"},"spec":{"virtualHost":{"domains":["*"],
"routes":[{"matchers":[{"prefix":"/"}],"delegateAction":{"selector":{"labels":{"apiGroup":"example"},
"namespaces":["*"]}}}]}}}`

	putsBack = "Aviary keeps RouteTable echo-routes for app echo and puts it back"
)

// An edit of a table that Aviary keeps is put back, and only warned of; unless it would hurt others
// until then, or change what can't be put back. And nobody says that it is put back where it isn't.
func TestEditsOfAManagedTable(t *testing.T) {
	t.Parallel()
	with := func(old, new string) string {
		out := strings.Replace(keptTable, old, new, 1)
		if out == keptTable {
			t.Fatalf("the table has no %s", old)
		}
		return out
	}
	const (
		was, follows = `"aviary.dev/was-primary":"v1@a",`, `,"aviary.dev/follows":"v1 primary, v2 canary 10"`
		destination  = `"upstream":{"name":"echo","namespace":"n"}`
		foxes        = `"matchers":[{"prefix":"/fox"}]`
	)
	wrongSum := with(`"weight":10`, `"weight":20`)
	weightless := strings.NewReplacer(`"weight":90`, `"weight":0`, `"weight":10`, `"weight":0`)
	taken := with(`"matchers":[{"prefix":"/echo"}]`, foxes)
	const record = "nobody else may change it"
	const wasPrimary = "aviary.dev/was-primary]: [annotations-valid] " +
		"is Aviary's record of the versions that were primary, "
	timeout := func(table string) string {
		return strings.Replace(table, `"routeAction"`, `"options":{"timeout":"5s"},"routeAction"`, 1)
	}
	methods := with(`"matchers":[{"prefix":"/echo"}]`, `"matchers":[{"prefix":"/","methods":["GET"]}]`)
	leadsOut := with(destination, `"upstream":{"name":"fox","namespace":"fox"}`)
	unchecked := with(was, was+`"gateway.solo.io/skip_validation":"true",`)
	overridden := with(was, `"aviary.dev/override":"annotations-valid: INC-1",`)
	noRecords := strings.Replace(wrongSum, strings.TrimSuffix(was, ",")+follows, "", 1)
	unmarked := func(table string) string { return strings.Replace(table, `"aviary.dev/app":"echo",`, "", 1) }
	copied := func(table string) string { return strings.Replace(table, "echo-routes", "copy", 1) }
	deny := func(rule string) func(*setting) {
		return func(s *setting) { s.rules = map[string]policy.RuleConfig{rule: {Mode: policy.ModeDeny}} }
	}
	cantWrite := func(s *setting) { s.missing = []string{"no rights"} }
	cases := map[string]struct {
		reason, old, new string
		change           func(*setting)
		allowed          bool
		says, not        string
	}{
		"Weights": {"put back", keptTable, wrongSum, nil, true, putsBack + "; change|[weights-sum]", ""},
		"Options": {"put back", keptTable, timeout(keptTable), nil, true, putsBack, "["},
		"Group":   {"put back", keptTable, with(`"apiGroup":"example"`, `"apiGroup":"other"`), nil, true, putsBack, ""},
		"Deleted": {"made anew", keptTable, "", nil, true, putsBack, ""},
		"Foreign": {
			"others' annotations stay", keptTable, with(was, was+`"example.com/a":"b",`), nil, true, "", "Aviary keeps",
		},
		"Unmarked":  {"is nobody's then", keptTable, unmarked(wrongSum), nil, false, "[weights-sum]", "Aviary keeps"},
		"CantWrite": {"nobody puts it back", keptTable, wrongSum, cantWrite, false, "[weights-sum]", "Aviary keeps"},
		"Blocked": {
			"nobody puts it back for now", keptTable, wrongSum,
			func(s *setting) { s.blocked = "RouteTable since 2026-01-02T03:04:05Z: a policy refuses" }, false,
			"[weights-sum]", "Aviary keeps",
		},
		"BlockedElsewhere": {
			"something that stands behind it", keptTable, wrongSum,
			func(s *setting) { s.blocked = "RouteTable other since 2026-01-02T03:04:05Z: a policy refuses" }, true,
			putsBack, "",
		},
		"Retired": {
			"the plan has no table", keptTable, wrongSum, func(s *setting) { s.more = `,"aviary.dev/retire":"true"` }, false,
			"[weights-sum]", "Aviary keeps",
		},
		"Invalid": {
			"the table stays as it is", keptTable, wrongSum, func(s *setting) { s.more = `,"aviary.dev/weight":"101"` }, false,
			"[weights-sum]", "Aviary keeps",
		},

		"AnothersPath": {
			"hurts fox", keptTable, taken, nil, false,
			"[path-owned]|Aviary keeps RouteTable echo-routes for app echo; change", "puts it back",
		},
		"HadThePath":       {"hurt fox before", taken, timeout(taken), nil, true, "[path-owned]|" + putsBack, ""},
		"Methods":          {"hurts fox", keptTable, methods, nil, false, "[table-priority]", "puts it back"},
		"AnothersUpstream": {"the rule warns", keptTable, leadsOut, nil, true, "[foreign-upstream]|" + putsBack, ""},
		"AnothersUpstreamDenied": {
			"the rule denies", keptTable, leadsOut, deny("foreign-upstream"), false, "[foreign-upstream]", "puts it back",
		},
		"PathUnderWarn": {
			"nothing refuses", keptTable, taken, func(s *setting) { s.enforcement = policy.ModeWarn }, true,
			"[path-owned]|" + putsBack, "",
		},
		"Weightless": {
			"Envoy refuses all", keptTable, weightless.Replace(keptTable), nil, false,
			"[freezes-others]|[weights-sum]", "puts it back",
		},
		"BadRegex": {
			"Envoy refuses all", keptTable, with(`"prefix":"/echo"`, `"prefix":"/echo","methods":["("]`), nil, false,
			"[freezes-others]", "puts it back",
		},
		"Actionless": {
			"Gloo takes it for an error", keptTable, with(keptRoute, keptRoute+`,{"matchers":[{"prefix":"/echo/x"}]}`), nil,
			false,
			"[one-action]", "puts it back",
		},
		"TooLarge": {
			"hurts all", keptTable, with(keptRoute, strings.Repeat(keptRoute+",", 1000)+keptRoute), nil, false,
			"[size-limits]", "puts it back",
		},
		"Unchecked": {
			"the annotation stays", keptTable, unchecked, deny("validation-skipped"), false, "[validation-skipped]", "",
		},

		"WasPrimary": {
			"a record", keptTable, with("v1@a", "v2@a"), nil, false, wasPrimary + record + "; leave it out", "puts it back",
		},
		"WasPrimaryGone": {"a record", keptTable, with(was, ""), nil, false, record + "; keep it as it is", ""},
		"Follows":        {"a record", keptTable, with("canary 10", "canary 9"), nil, false, "follows]|" + record, ""},
		"FollowsGone":    {"a record", keptTable, with(follows, ""), nil, false, record, ""},
		"BothAndWeights": {"a record", keptTable, noRecords, nil, false, "was-primary]|follows]|[weights-sum]", ""},
		"Overridden": {
			"as for anybody", keptTable, overridden, func(s *setting) { s.may = may{"annotations-valid"} }, true,
			"overridden (INC-1)", "",
		},
		"Restored":    {"brings its records", "", keptTable, nil, true, "", "[annotations-valid]"},
		"AnotherName": {"a mark alone is nobody's", copied(keptTable), copied(with("v1@a", "v2@a")), nil, true, "", record},
		"NotMarked":   {"made by hand", unmarked(keptTable), unmarked(with("v1@a", "v2@a")), nil, true, "", record},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var s setting
			if c.change != nil {
				c.change(&s)
			}
			operation := "UPDATE"
			switch {
			case c.old == "":
				operation = "CREATE"
			case c.new == "":
				operation = "DELETE"
			}
			body := review(t, "routetables", tableKind.Group, tableKind.Kind, operation, text(c.new), text(c.old))
			got := post(t, s.webhook(t), body)
			said := strings.Join(got.Warnings, "\n")
			if got.Result != nil {
				said += got.Result.Message
			}
			for part := range strings.SplitSeq(c.says, "|") {
				if !strings.Contains(said, part) {
					t.Errorf("%s: must say %q, says %s", c.reason, part, said)
				}
			}
			if got.Allowed != c.allowed || c.not != "" && strings.Contains(said, c.not) {
				t.Errorf("%s: allowed %v, says %s", c.reason, got.Allowed, said)
			}
		})
	}
}

// setting is where an edit is made.
type setting struct {
	missing     []string
	blocked     string // the note on the Upstream
	more        string // annotations of v2
	rules       map[string]policy.RuleConfig
	enforcement policy.Mode
	may         may
	table       string // what stands; empty for none
}

func (s setting) webhook(t *testing.T) *webhook.Validate {
	t.Helper()
	v := configured(t, func(c *policy.Config) {
		c.Rules = s.rules
		if s.enforcement != policy.ModeUnset {
			c.Enforcement = s.enforcement
		}
	})
	store := v.Facts.(*inventory.Store)
	live := fake.NewClientBuilder().WithScheme(glootest.Kinds().Scheme())
	deployment := func(version, annotations string) string {
		return `{"metadata":{"name":"echo-` + version + `","namespace":"n","uid":"` + version + `",
"annotations":{"aviary.dev/app":"echo","aviary.dev/api-group":"example",` + annotations + `}},
"spec":{"selector":{"matchLabels":{"app":"echo","version":"` + version + `"}},
"template":{"metadata":{"labels":{"app":"echo","version":"` + version + `"}},
"spec":{"containers":[{"name":"c","ports":[{"containerPort":80}]}]}}},
"status":{"availableReplicas":1}}`
	}
	note := ownLabels + `,"annotations":{"aviary.dev/blocked":"` + s.blocked + `"}`
	for _, o := range []struct {
		kind schema.GroupKind
		text string
	}{
		{deploymentKind, deployment("v1", `"aviary.dev/role":"primary","aviary.dev/promoted-at":"2026-01-02T03:04:05.000Z"`)},
		{deploymentKind, deployment("v2", `"aviary.dev/role":"canary"`+cmp.Or(s.more, `,"aviary.dev/weight":"10"`))},
		{upstreamKind, strings.Replace(echoOwn, ownLabels, note, 1)},
		{upstreamKind, foxUpstream},
		{serviceKind, echoService},
		{tableKind, foxTable},
		{rootKind, publicRoot},
	} {
		put(t, store, o.kind, o.text)
		live = live.WithObjects(stored(t, o.kind, o.text))
	}
	if s.table != "" {
		put(t, store, tableKind, s.table)
		live = live.WithObjects(stored(t, tableKind, s.table))
	}
	v.Live, v.Missing = inventorytest.Cluster(live.Build()), func() []string { return s.missing }
	v.Now, v.Rights = time.Now, s.may
	return v
}
