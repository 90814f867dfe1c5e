package gloo_test

import (
	"fmt"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo"
)

// An app's plan becomes the objects that stand beside it.
func ExampleDialect_Siblings() {
	v1 := &convention.Version{
		App: "echo", Name: "v1", Deployment: "echo-v1", Role: convention.Primary, APIGroup: "example",
		Ports: []convention.ContainerPort{{ContainerPort: 8080}},
	}
	app := convention.NewApp("echo", "echo", []*convention.Version{v1}, nil,
		convention.Settings{Keys: convention.DefaultLabelKeys(), Port: 80})
	for _, s := range (gloo.Dialect{}).Siblings(app, app.Plan(nil)) {
		u := s.Object()
		fmt.Println(u.GetAPIVersion(), u.GetKind(), u.GetNamespace()+"/"+u.GetName(), u.GetAnnotations())
	}
	// Output:
	// v1 Service echo/echo map[]
	// gloo.solo.io/v1 Upstream echo/echo map[]
	// gateway.solo.io/v1 RouteTable echo/echo-routes map[aviary.dev/summary:v1 100]
}
