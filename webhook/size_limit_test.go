package webhook_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	authenticationv1 "k8s.io/api/authentication/v1"
	authorizationv1 "k8s.io/api/authorization/v1"

	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/webhook"
)

// redirects is a table of so many routes.
func redirects(n int, metadata string) []byte {
	routes := make([]string, n)
	for i := range routes {
		routes[i] = fmt.Sprintf(`{"matchers":[{"exact":"/%d"}],"redirectAction":{"hostRedirect":"x"}}`, i)
	}
	return []byte(`{"metadata":{"name":"r","namespace":"n"` + metadata + `},` +
		`"spec":{"routes":[` + strings.Join(routes, ",") + `]}}`)
}

// unbalanced breaks weights-sum in the first route of a table of redirects.
func unbalanced(table []byte) []byte {
	return bytes.Replace(table, []byte(`"redirectAction":{"hostRedirect":"x"}`),
		[]byte(`"routeAction":{"multi":{"destinations":[
 {"weight":60,"destination":{"upstream":{"name":"a"},"subset":{"values":{"version":"v1"}}}}]}}`), 1)
}

// A table that was too large before can be changed as long as it does not grow, and is judged. Of
// one that is refused for its size nothing else is judged; under enforcement: warn neither.
func TestLargeTables(t *testing.T) {
	t.Parallel()
	const (
		label  = `,"labels":{"at":"b"}`
		size   = "spec.routes: [size-limits] RouteTable n/r has 2001 destinations, must have at most 2000; split it"
		others = "no other rule has judged it"
	)
	cases := map[string]struct {
		old, new []byte
		warn     bool
		allowed  bool
		says     string
		silent   string // what it must not say
	}{
		"AsManyAsMayBe":    {nil, redirects(2000, ""), false, true, "", "size-limits"},
		"Created":          {nil, unbalanced(redirects(2001, "")), false, false, size, "weights-sum"},
		"CreatedUnderWarn": {nil, unbalanced(redirects(2001, "")), true, true, size + "; " + others, "weights-sum"},
		"Grown":            {redirects(2000, ""), redirects(2001, ""), false, false, size, others},
		"GrownUnderWarn":   {redirects(2000, ""), redirects(2001, ""), true, true, size, "weights-sum"},
		"GrownFurther":     {redirects(2005, ""), redirects(2006, ""), false, false, "has 2006 destinations", others},
		"Labelled":         {redirects(2001, ""), redirects(2001, label), false, true, size, others},
		"Shrunk":           {redirects(2003, ""), redirects(2001, ""), false, true, size, others},
		"JudgedAllTheSame": {redirects(2001, ""), unbalanced(redirects(2001, "")), false, false, "[weights-sum]", others},
		"JudgedUnderWarn":  {redirects(2001, ""), unbalanced(redirects(2001, "")), true, true, "[weights-sum]", others},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := validator(t, inventory.NewStore())
			if c.warn {
				v = underWarn(t, v)
			}
			allowed, said := writeTable(t, v, c.old, c.new)
			if allowed != c.allowed || !strings.Contains(said, c.says) || strings.Contains(said, c.silent) {
				t.Errorf("allowed %v, says %.500s", allowed, said)
			}
		})
	}
}

// What lowers the rule lowers no other: the table is then judged whole.
func TestLargeTablesThatMayBe(t *testing.T) {
	t.Parallel()
	const override = `,"annotations":{"aviary.dev/override":"size-limits: INC-1"}`
	const both = `,"annotations":{"aviary.dev/override":"size-limits,weights-sum: INC-1"}`
	mode := func(m policy.Mode) func(*policy.Config) {
		return func(c *policy.Config) { c.Rules = map[string]policy.RuleConfig{"size-limits": {Mode: m}} }
	}
	excepted := func(c *policy.Config) {
		c.Exceptions = []policy.Exception{{
			Rule: "size-limits", Namespace: "n", Kind: "RouteTable", Name: "r", Reason: "TICKET-1", Expires: time.Now(),
		}}
	}
	raised := func(c *policy.Config) {
		c.Rules = map[string]policy.RuleConfig{"size-limits": {Params: map[string]any{"destinations": 2001}}}
	}
	cases := map[string]struct {
		config   func(*policy.Config)
		metadata string
		may      may
		allowed  bool
		says     string
	}{
		"Warned":         {mode(policy.ModeWarn), "", nil, false, "[weights-sum]"},
		"Off":            {mode(policy.ModeOff), "", nil, false, "[weights-sum]"},
		"Excepted":       {excepted, "", nil, false, "[weights-sum]"},
		"Raised":         {raised, "", nil, false, "[weights-sum]"},
		"Overridden":     {nil, override, may{"size-limits"}, false, "[weights-sum]"},
		"BothOverridden": {nil, both, may{"size-limits", "weights-sum"}, true, "overridden (INC-1)"},
		"WithoutTheRight": {
			nil, override, may{"weights-sum"}, false, "lacks the verb override on rules.aviary.dev/size-limits",
		},
		"OnlyTheOther":     {nil, both, may{"weights-sum"}, false, "has 2001 destinations"},
		"NothingIsLowered": {nil, "", nil, false, "[size-limits]"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := configured(t, c.config)
			if v.Now = time.Now; c.may != nil {
				v.Rights = c.may
			}
			allowed, said := writeTable(t, v, nil, unbalanced(redirects(2001, c.metadata)))
			if allowed != c.allowed || !strings.Contains(said, c.says) {
				t.Errorf("allowed %v, says %.500s", allowed, said)
			}
		})
	}
}

// may answers that the requester may override these rules and no others.
type may []string

func (m may) May(_ context.Context, _ authenticationv1.UserInfo, a authorizationv1.ResourceAttributes) (bool, error) {
	return a.Verb == "override" && slices.Contains(m, a.Name), nil
}

func configured(t *testing.T, change func(*policy.Config)) *webhook.Validate {
	t.Helper()
	cfg := policy.DefaultConfig()
	if change != nil {
		change(&cfg)
	}
	engine, err := policy.New(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	kinds := glootest.Kinds()
	j := judge.New(engine, cfg.Settings(kinds.Keys()), kinds)
	return &webhook.Validate{Judge: func() *judge.Judge { return j }, Facts: inventory.NewStore()}
}

// writeTable has a table judged; old is nil for a CREATE.
func writeTable(t *testing.T, v *webhook.Validate, old, table []byte) (allowed bool, said string) {
	t.Helper()
	operation := "UPDATE"
	if old == nil {
		operation = "CREATE"
	}
	got := post(t, v, review(t, "routetables", "gateway.solo.io", "RouteTable", operation, table, old))
	said = strings.Join(got.Warnings, "\n")
	if got.Result != nil {
		said += got.Result.Message
	}
	return got.Allowed, said
}
