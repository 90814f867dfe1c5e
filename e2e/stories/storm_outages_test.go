package stories

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/wait"

	"aviary.dev/e2e/storm"
)

// Of each stormTurns times stormTurn an app's table can't be written in the last one. Then another
// app's table is deleted.
const stormTurns, stormTurn = 4, 3 * time.Second

// noTables is a foreign admission policy that refuses an app's table in one namespace. It is made of
// the policy and of what binds it there.
const noTables = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata: {name: no-tables}
spec:
  matchConstraints:
    resourceRules:
    - {apiGroups: [gateway.solo.io], apiVersions: [v1], operations: [CREATE, UPDATE], resources: [routetables]}
  validations:
  - {expression: "object.metadata.name != 'echo-routes'", message: no tables here}
---
apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata: {name: no-tables}
spec:
  policyName: no-tables
  validationActions: [Deny]
  matchResources: {namespaceSelector: {matchLabels: {kubernetes.io/metadata.name: %s}}}
`

// outages keep the table of one app after another from being written for some time, and delete the
// table of another one.
func (w *stormRun) outages(ctx context.Context, random *rand.Rand) {
	var blocked []*unstructured.Unstructured
	turn := 0
	wait.UntilWithContext(ctx, func(context.Context) {
		switch turn++; turn % stormTurns {
		case stormTurns - 1:
			q := w.apps[random.IntN(len(w.apps))].q
			blocked = decode(q.T, fmt.Sprintf(noTables, q.namespace))
			q.check(w.block(q, blocked)) //nolint:contextcheck // because what began is finished.
		case 0:
			app := w.apps[random.IntN(len(w.apps))]
			app.q.check(w.unblock(app.q, blocked)) //nolint:contextcheck // because what began is finished.
			blocked = nil
			app.deleteTable(ctx, w)
		}
	}, stormTurn)
	q := w.apps[0].q
	q.check(w.unblock(q, blocked)) //nolint:contextcheck // because the context is done.
}

// block puts a policy in force.
func (w *stormRun) block(q direct, policy []*unstructured.Unstructured) error {
	for _, o := range policy {
		if _, err := w.objects.Resource(policyResource(o)).Create(q.Context(), o, metav1.CreateOptions{}); err != nil {
			return err
		}
	}
	return nil
}

// unblock ends it.
func (w *stormRun) unblock(q direct, policy []*unstructured.Unstructured) error {
	for _, o := range policy {
		err := w.objects.Resource(policyResource(o)).Delete(q.Context(), o.GetName(), metav1.DeleteOptions{})
		if err != nil {
			return err
		}
	}
	return nil
}

// policyResource returns the resource of a part of a policy.
func policyResource(o *unstructured.Unstructured) schema.GroupVersionResource {
	plural := map[string]string{
		"ValidatingAdmissionPolicy":        "validatingadmissionpolicies",
		"ValidatingAdmissionPolicyBinding": "validatingadmissionpolicybindings",
	}[o.GetKind()]
	return o.GroupVersionKind().GroupVersion().WithResource(plural)
}

// deleteTable deletes the app's table, and waits until it is back: without a leader it stays away,
// and then no denial can be judged by it.
func (a *stormApp) deleteTable(ctx context.Context, w *stormRun) {
	w.led.Lock()
	defer w.led.Unlock()
	change := storm.Change{Table: &storm.Table{Name: "echo-routes"}}
	tables := a.q.client("routetables")
	a.send(w, "somebody", "delete echo-routes", change, func() error {
		return tables.Delete(context.WithoutCancel(ctx), "echo-routes", metav1.DeleteOptions{})
	})
	_ = wait.PollUntilContextTimeout(ctx, 100*time.Millisecond, 2*stormLag, true,
		func(ctx context.Context) (bool, error) {
			_, err := tables.Get(ctx, "echo-routes", metav1.GetOptions{})
			return err == nil, nil
		})
}
