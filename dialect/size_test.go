package dialect_test

import (
	"encoding/json"
	"strings"
	"testing"

	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/route"
)

// What is said to be few bytes must be: the estimate is never below what is written.
func TestAtMost(t *testing.T) {
	t.Parallel()
	kinds := glootest.Kinds()
	for name, text := range map[string]string{
		"Plain": "echo", "Short": "e", "Long": strings.Repeat("a", 500),
		"Escaped": strings.Repeat(`<"&\>`, 40), "Control": "\x01\x02\t\u2028\xff",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			of := func(version string, role convention.Role) *convention.Version {
				return &convention.Version{
					Namespace: "echo", App: text, Name: version + text, Deployment: text, Role: role, HeadersStated: true,
					Replicas: 1,
					Headers:  []route.Header{{Name: "x-" + version, Value: text}, {Name: text, Value: "v"}},
					Paths:    []route.Path{{Kind: route.Prefix, Value: text}, {Kind: route.Regex, Value: text}},
				}
			}
			app := convention.NewApp("echo", text, []*convention.Version{
				of("v1", convention.Primary), of("v2", convention.Canary), of("v3", convention.Canary), of("v4", convention.Shadow),
			}, nil, convention.Settings{Keys: kinds.Keys(), APIGroup: "example", Port: 80})
			plan := app.Plan(nil)
			siblings := kinds.Writer().Siblings(app, plan)
			spec, err := json.Marshal(siblings[len(siblings)-1].Object().Object["spec"])
			if err != nil {
				t.Fatal(err)
			}
			n := dialect.AtMost(plan.Routes)
			if n < len(spec) || len(plan.Routes) != 6 {
				t.Errorf("%d routes take %d bytes, which is not at most %d", len(plan.Routes), len(spec), n)
			}
			if ordinary := len(text) < 10; ordinary && n > 10*len(spec) {
				t.Errorf("%d bytes are at most %d, which tells nothing", len(spec), n)
			}
		})
	}
}
