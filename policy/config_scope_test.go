package policy

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func TestParseScopes(t *testing.T) {
	t.Parallel()
	got, err := ParseConfig([]byte(configHead+`
namespaces:
- selector: {matchLabels: {tier: sandbox}}
  rules: {stranded-traffic: warn, promotion: off}
- selector: {}
exceptions:
- rule: version-deployed
  match: {namespace: legacy, kind: RouteTable, name: "old-*"}
  reason: TICKET-1
  expires: 2027-01-31
`), judged{kinds: []string{"Deployment", "RouteTable"}})
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultConfig()
	want.Namespaces = []NamespaceConfig{
		{
			Selector: metav1.LabelSelector{MatchLabels: map[string]string{"tier": "sandbox"}},
			Rules:    map[string]Mode{"stranded-traffic": ModeWarn, "promotion": ModeOff},
		},
		{Rules: map[string]Mode{}},
	}
	want.Exceptions = []Exception{{
		Rule: "version-deployed", Namespace: "legacy", Kind: "RouteTable", Name: "old-*", Reason: "TICKET-1",
		Expires: time.Date(2027, 1, 31, 0, 0, 0, 0, time.UTC),
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestParseScopesRefuses(t *testing.T) {
	t.Parallel()
	const good = "rule: promotion, match: {name: a}, reason: x, expires: 2027-01-31"
	without := func(part, instead string) string {
		return "exceptions: [{" + strings.Replace(good, part, instead, 1) + "}]"
	}
	const selector = "namespaces[0].selector: is missing; select Namespaces by their labels, " +
		"for example {matchLabels: {tier: sandbox}}"
	const match = "exceptions[0].match: is missing; say namespace, kind or name, " +
		`for example {namespace: legacy, kind: Deployment, name: "old-*"}`
	cases := map[string]struct{ text, want string }{
		"NoList":       {"namespaces: {}", "namespaces: must be a list, is a object"},
		"NoSelector":   {"namespaces: [{rules: {promotion: warn}}]", selector},
		"NullSelector": {"namespaces: [{selector: null}]", selector},
		"SelectorKey": {
			"namespaces: [{selector: {matchLabel: {a: b}}}]",
			"namespaces[0].selector.matchLabel: unknown key",
		},
		"Operator": {
			"namespaces: [{selector: {matchExpressions: [{key: a, operator: Is}]}}]",
			`namespaces[0].selector: "Is" is not a valid label selector operator`,
		},
		"NamespaceRule": {
			"namespaces: [{selector: {}, rules: {promotions: warn}}]",
			"namespaces[0].rules.promotions: unknown rule; did you mean promotion?",
		},
		"NamespaceMode": {
			"namespaces: [{selector: {}}, {selector: {}, rules: {promotion: dryrun}}]",
			`namespaces[1].rules.promotion: mode "dryrun" must be one of deny, warn, audit, off`,
		},
		"NamespaceParams": {
			"namespaces: [{selector: {}, rules: {promotion: {mode: warn}}}]",
			"namespaces[0].rules.promotion: must be a mode alone, one of deny, warn, audit, off; " +
				"parameters are the same in every Namespace",
		},
		"NamespaceFixed": {
			"namespaces: [{selector: {}, rules: {sibling-collision: warn}}]",
			`namespaces[0].rules.sibling-collision: "warn" is not possible: ` +
				"the rule is about Aviary's own hands and always deny",
		},
		"NoRule": {without("rule: promotion, ", ""), "exceptions[0].rule: is missing; say from which rule"},
		"UnknownRule": {
			without("promotion", "promotons"),
			"exceptions[0].rule: unknown rule promotons; did you mean promotion?",
		},
		"FixedRule": {
			without("promotion", "sibling-collision"),
			"exceptions[0].rule: there is no exception from sibling-collision: the rule is about Aviary's own hands",
		},
		"NoMatch": {
			without("name: a", ""),
			match,
		},
		"NoGlob": {
			without("name: a", `name: "[a"`),
			`exceptions[0].match.name: "[a" is no glob; ` +
				"* stands for any text, ? for one character, [a-z] for one of a range",
		},
		"Kind": {
			without("name: a", "kind: Routetable"),
			`exceptions[0].match.kind: "Routetable" is no kind that is judged; kinds: ` + "Deployment, RouteTable",
		},
		"MatchKey": {
			without("name: a", "names: a"),
			"exceptions[0].match.names: unknown key\n" + match,
		},
		"NoReason": {
			without("reason: x", `reason: " "`),
			"exceptions[0].reason: is missing; say why, for example a ticket",
		},
		"NoExpiry": {
			without(", expires: 2027-01-31", ""),
			"exceptions[0].expires: is missing, and must be the last day, for example 2027-01-31",
		},
		"Expiry": {
			without("2027-01-31", "31.1.2027"),
			`exceptions[0].expires: "31.1.2027" must be the last day, for example 2027-01-31`,
		},
		"NoSuchDay": {
			without("2027-01-31", "2027-02-30"),
			`exceptions[0].expires: "2027-02-30" must be the last day, for example 2027-01-31`,
		},
		"NoFolder":      {"policies: [\"\"]", "policies[0]: is empty, must be a folder"},
		"FolderType":    {"policies: etc", "policies: must be a list, is a string"},
		"MissingFolder": {"policies: [no/such]", "policies: read no/such: no such file or directory"},
		"AllAtOnce": {
			"enforcment: warn\nrules: {promotion: {mode: never}, promoton: {}}\n" +
				"namespaces: [{selector: {}, rules: {api-groups: warn}}]\nexceptions: [{}]",
			`enforcment: unknown key
rules.promotion: mode "never" must be one of deny, warn, audit, off
exceptions[0].expires: is missing, and must be the last day, for example 2027-01-31
rules.promoton: unknown rule; did you mean promotion?
namespaces[0].rules.api-groups: unknown rule; did you mean api-group?
exceptions[0].rule: is missing; say from which rule
` + match + `
exceptions[0].reason: is missing; say why, for example a ticket`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := ParseConfig([]byte(configHead+c.text), judged{kinds: []string{"RouteTable", "Deployment"}})
			if err == nil {
				t.Fatal("want an error")
			}
			if diff := cmp.Diff(c.want, err.Error()); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

func TestExceptionsExpireAtTheEndOfTheDay(t *testing.T) {
	t.Parallel()
	text := configHead + "exceptions: [{rule: promotion, match: {name: a}, reason: T-1, expires: 2027-01-31}]"
	cfg, err := ParseConfig([]byte(text), nil)
	if err != nil {
		t.Fatal(err)
	}
	west := time.FixedZone("", -8*60*60)
	for now, expired := range map[time.Time]bool{
		time.Date(2027, 1, 31, 23, 59, 59, 0, time.UTC): false,
		time.Date(2027, 2, 1, 0, 0, 0, 0, time.UTC):     true,
		time.Date(2027, 1, 31, 17, 0, 0, 0, west):       true,
	} {
		if got := cfg.Exceptions[0].expired(now); got != expired {
			t.Errorf("at %s: got %t", now, got)
		}
		var want []string
		if expired {
			want = []string{"exceptions[0]: the exception from promotion (T-1) expired on 2027-01-31 and is ignored; " +
				"remove it, or give it a new date"}
		}
		if diff := cmp.Diff(want, cfg.Warnings(now)); diff != "" {
			t.Errorf("at %s (-want +got)\n%s", now, diff)
		}
	}
}
