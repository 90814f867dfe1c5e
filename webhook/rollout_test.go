package webhook_test

import (
	"strings"
	"testing"

	"aviary.dev/fact"
)

// Of an Argo Rollout nobody knows what rests on it. Whoever writes one is told of annotations that do nothing there,
// and is refused nothing.
func TestRolloutsAreOnlyWarnedOf(t *testing.T) {
	t.Parallel()
	const noEffect = "has no effect on a Rollout: only Deployments are versions of an app"
	annotated := version("v1", "primary")
	free := strings.NewReplacer("aviary.dev/app", "aviary.dev/x-app", "aviary.dev/role", "aviary.dev/x-role").
		Replace(annotated)
	relabelled := strings.Replace(annotated, `"labels":{"app":"echo"`, `"labels":{"app":"fox"`, 1)
	ofPods := strings.Replace(free, `"template":{"metadata":{`,
		`"template":{"metadata":{"annotations":{"aviary.dev/weight":"10"},`, 1)
	for name, c := range map[string]struct{ operation, old, now, says string }{
		"Comes":      {"CREATE", "", annotated, noEffect},
		"ByItsPods":  {"CREATE", "", ofPods, noEffect},
		"Later":      {"UPDATE", free, annotated, noEffect},
		"Relabelled": {"UPDATE", annotated, relabelled, noEffect},
		"Mended":     {"UPDATE", `{"spec":[]}`, annotated, noEffect},
		"FreeKeys":   {"CREATE", "", free, ""},
		"Goes":       {"DELETE", annotated, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := strands(t, fact.StatefulSetKind, strings.Replace(free, `"app":"echo","version"`, `"app":"x","version"`, 1))
			got := post(t, v, review(t, "rollouts", "argoproj.io", "Rollout", c.operation, text(c.now), text(c.old)))
			said := strings.Join(got.Warnings, "\n")
			if !got.Allowed || !strings.Contains(said, c.says) || c.says == "" && said != "" {
				t.Errorf("allowed %v: %v, warns %q; want %q", got.Allowed, got.Result, said, c.says)
			}
		})
	}
}
