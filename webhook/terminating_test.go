package webhook_test

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// What is being deleted counts until it is gone, and a finalizer may hold it for ever. So a change of it is judged like
// that of anything else, and nobody says that Aviary puts it back. What changes nothing for the worse passes.
func TestEditsOfWhatIsBeingDeleted(t *testing.T) {
	t.Parallel()
	const (
		going   = `"finalizers":["example.com/hold"],"deletionTimestamp":"2026-01-01T00:00:00Z","namespace":"n"`
		foxRoot = `{"metadata":{"name":"fox","namespace":"n"},"spec":{"virtualHost":{"domains":["fox.example"]}}}`
		idle    = `{"metadata":{"name":"idle","namespace":"n"},"spec":{"static":{"hosts":[{"addr":"a.example"}]}}}`
	)
	change := func(object, old, new string) string {
		out := strings.Replace(object, old, new, 1)
		if out == object {
			t.Fatalf("%s has no %s", object, old)
		}
		return out
	}
	app := change(version("v3", "canary"), `"aviary.dev/app"`, `"aviary.dev/weight":"10","aviary.dev/app"`)
	byHands := change(change(keptTable, `"app.kubernetes.io/managed-by":"aviary",`, ""), "echo-routes", "by-hand")
	keptService := change(echoService, `"namespace":"n"`, `"namespace":"n",`+ownLabels)
	const one = `{"app":"echo","version":"v1"}`
	const timeout = `"options":{"timeout":"5s"},"routeAction"`
	const soon = `"spec":{"connectionConfig":{"connectTimeout":"soon"},`
	cases := map[string]struct {
		kind     schema.GroupKind
		old, new string
		says     string // The rule that refuses it; empty if it passes without a word.
	}{
		"Weights":      {tableKind, byHands, change(byHands, `"weight":10`, `"weight":20`), "[weights-sum]"},
		"KeptWeights":  {tableKind, keptTable, change(keptTable, `"weight":10`, `"weight":20`), "[weights-sum]"},
		"KeptRecord":   {tableKind, keptTable, change(keptTable, "v1@a", "v2@a"), "[annotations-valid]"},
		"AnothersPath": {tableKind, byHands, change(byHands, `"/echo"`, `"/fox"`), "[path-owned]"},
		"Freezes":      {rootKind, foxRoot, change(foxRoot, `"fox.example"`, `"*"`), "[freezes-others]"},
		"KeptKeys":     {upstreamKind, echoOwn, change(echoOwn, `[{"keys":["version"]}]`, `[]`), "[upstream-in-use]"},
		"BadDuration":  {upstreamKind, idle, change(idle, `"spec":{`, soon), "[freezes-others]"},
		"KeptSelector": {serviceKind, keptService, change(keptService, `{"app":"echo"}`, one), "[selector-clean]"},
		"Annotation":   {deploymentKind, app, change(app, `"10"`, `"101"`), "[annotations-valid]"},
		"OtherOptions": {tableKind, keptTable, change(keptTable, `"routeAction"`, timeout), ""},
		"OtherRoot":    {rootKind, foxRoot, change(foxRoot, "fox.example", "x.example"), ""},
		"OtherAddress": {upstreamKind, idle, change(idle, "a.example", "b.example"), ""},
		"OtherPorts":   {serviceKind, keptService, change(keptService, `"spec":{`, `"spec":{"ports":[{"port":80}],`), ""},
		"OtherWeight":  {deploymentKind, app, change(app, `"10"`, `"20"`), ""},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			old, now := change(c.old, `"namespace":"n"`, going), change(c.new, `"namespace":"n"`, going)
			resource := strings.ToLower(c.kind.Kind) + "s"
			body := review(t, resource, c.kind.Group, c.kind.Kind, "UPDATE", text(now), text(old))
			got := post(t, setting{table: keptTable}.webhook(t), body)
			said := strings.Join(got.Warnings, "\n")
			if got.Result != nil {
				said += got.Result.Message
			}
			if got.Allowed != (c.says == "") || !strings.Contains(said, c.says) || strings.Contains(said, "Aviary keeps") {
				t.Errorf("allowed %v, says %s", got.Allowed, said)
			}
			if c.says == "" && said != "" {
				t.Errorf("it must pass without a word: %s", said)
			}
		})
	}
}
