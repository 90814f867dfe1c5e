package convention_test

import (
	"encoding/json"
	"fmt"

	"aviary.dev/convention"
	"aviary.dev/route"
)

// Two annotated Deployments make an app, and the app a plan.
func Example() {
	var versions []*convention.Version
	for _, text := range []string{
		`{"metadata": {"name": "echo-v1", "namespace": "echo",
			"annotations": {"aviary.dev/app": "echo", "aviary.dev/api-group": "example", "aviary.dev/role": "primary"}},
		  "spec": {"template": {"spec": {"containers": [{"ports": [{"containerPort": 8080}]}]}}}}`,
		`{"metadata": {"name": "echo-v2", "namespace": "echo",
			"annotations": {"aviary.dev/app": "echo", "aviary.dev/api-group": "example", "aviary.dev/role": "canary",
"aviary.dev/weight": "20"}},
		  "spec": {"template": {"spec": {"containers": [{"ports": [{"containerPort": 8080}]}]}}}}`,
	} {
		d := &convention.Deployment{}
		if err := json.Unmarshal([]byte(text), d); err != nil {
			fmt.Println(err)
			return
		}
		v, findings := convention.Read(d, convention.DefaultLabelKeys())
		for _, p := range findings {
			fmt.Println(p.Field, p.Message)
		}
		versions = append(versions, v)
	}

	app := convention.NewApp("echo", "echo", versions, nil, convention.Settings{
		Keys:          convention.DefaultLabelKeys(),
		CanaryHeaders: []route.Header{{Name: "stage", Value: "canary"}},
		Port:          80,
	})
	plan := app.Plan(nil)
	fmt.Println(plan.State, "-", plan.Summary())
	for _, r := range plan.Routes {
		fmt.Println(r.Matchers[0].Path, r.Matchers[0].Headers, "to", len(r.Destinations), "version(s)")
	}
	// Output:
	// routed - v1 80, v2 20
	// /echo [stage=canary] to 1 version(s)
	// /echo [] to 2 version(s)
}
