package waits

import (
	"context"
	"fmt"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

// blockedApps is how many apps have a table that nobody can write.
const blockedApps = 64

// noTables is a policy that refuses every write of a RouteTable in namespaces with a label.
const (
	noTables = `{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicy",
"metadata":{"name":"no-tables"},"spec":{"matchConstraints":{"resourceRules":[{"apiGroups":["gateway.solo.io"],
"apiVersions":["v1"],"operations":["CREATE","UPDATE"],"resources":["routetables"]}]},
"validations":[{"expression":"false","message":"no tables here"}]}}`
	noTablesBound = `{"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingAdmissionPolicyBinding",
"metadata":{"name":"no-tables"},"spec":{"policyName":"no-tables","validationActions":["Deny"],
"matchResources":{"namespaceSelector":{"matchLabels":{"waits":"blocked"}}}}}`
)

// block makes apps whose table lags for good: v2 says 100, and their table, which gives v1 all, can't be written. A
// DELETE of v1 then waits in vain, and so does a promotion of v2.
func (b *bed) block(ctx context.Context, clients int) ([]app, error) {
	apps := appsOf("blocked", blockedApps, 4) // Few in a namespace, so that they cost little.
	if err := b.openNamespaces(ctx, apps, "blocked"); err != nil {
		return nil, err
	}
	if err := each(ctx, apps, clients, b.apply); err != nil {
		return nil, err
	}
	for _, a := range apps {
		if err := b.waitFollows(ctx, a); err != nil {
			return nil, err
		}
	}
	for _, text := range []string{noTables, noTablesBound} {
		if err := b.create(ctx, text); err != nil {
			return nil, err
		}
	}
	err := poll(ctx, time.Minute, "the policy to be in effect", func() (bool, error) {
		probe := []byte(`{"metadata":{"labels":{"probe":"yes"}}}`)
		_, err := b.client(apps[0], tables).Patch(ctx, apps[0].name+"-routes", types.MergePatchType, probe,
			metav1.PatchOptions{DryRun: dryRun})
		if err != nil && strings.Contains(err.Error(), "no tables here") {
			return true, nil
		}
		return false, err
	})
	if err != nil {
		return nil, err
	}
	return apps, each(ctx, apps, clients, func(ctx context.Context, a app) error {
		return b.decided(ctx, func() error { return b.say(ctx, a, "weight", "100") })
	})
}

// waitFollows waits until the app's table knows both versions.
func (b *bed) waitFollows(ctx context.Context, a app) error {
	return poll(ctx, patience, fmt.Sprintf("the table of %s to follow", a), func() (bool, error) {
		table, err := b.client(a, tables).Get(ctx, a.name+"-routes", metav1.GetOptions{})
		return err == nil && strings.Contains(table.GetAnnotations()["aviary.dev/follows"], "v2"), ignoreMissing(err)
	})
}

// dryRun is for requests that change nothing.
var dryRun = []string{metav1.DryRunAll}

// ask sends a request to a blocked app. It must be refused because of the table.
func (b *bed) ask(ctx context.Context, a app, what deed, options ...string) (r request, err error) {
	err = b.decided(ctx, func() (err error) {
		r = request{app: a, deed: what, began: time.Now()}
		defer func() { r.ended = time.Now() }()
		if what == promotion {
			return b.say(ctx, a, "role", "primary", options...)
		}
		return b.remove(ctx, a, options...)
	})
	switch {
	case err == nil:
		return r, fmt.Errorf("%s of %s was admitted", what, a)
	case !denied(err):
		return r, err
	}
	if r.denial = err.Error(); !r.byTable() {
		return r, fmt.Errorf("%s of %s was refused, and not for its table: %w", what, a, err)
	}
	return r, nil
}
