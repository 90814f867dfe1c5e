package webhook_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"k8s.io/apimachinery/pkg/runtime/schema"

	"aviary.dev/dialect/gloo"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/fact"
	"aviary.dev/inventory"
	"aviary.dev/webhook"
)

// slow never says which tables there are.
type slow struct{ *inventory.Store }

func (s slow) TablesLed(ctx context.Context, _ fact.Led, _ int, _ func(*fact.Table) bool) ([]*fact.Table, error) {
	<-ctx.Done()
	return nil, ctx.Err()
}

// A Namespace's list of API groups may not take live routes away. Its entry fails open, and so does Aviary, before the
// API server gives up on it: then its user is told.
func TestListOfAPIGroups(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	for _, o := range []struct {
		kind schema.GroupKind
		text string
	}{
		{fact.DeploymentKind, `{"metadata":{"name":"echo-v1","namespace":"n","uid":"v1",
"annotations":{"aviary.dev/app":"echo","aviary.dev/role":"primary"}},
"spec":{"template":{"metadata":{"labels":{"app":"echo","version":"v1"}}}},"status":{"availableReplicas":1}}`},
		{fact.ServiceKind, `{"metadata":{"name":"echo","namespace":"n"},
"spec":{"selector":{"app":"echo"},"ports":[{"port":80}]}}`},
		{gloo.UpstreamKind.GroupKind(), `{"metadata":{"name":"echo","namespace":"n"},"spec":{"kube":{
"serviceName":"echo","serviceNamespace":"n","servicePort":80,
"selector":{"app":"echo"},"subsetSpec":{"selectors":[{"keys":["version"]}]}}}}`},
		{gloo.RouteTableKind.GroupKind(), strings.Replace(keptTable, `"namespace":"n"`, `"namespace":"n","uid":"table"`, 1)},
		{gloo.VirtualServiceKind.GroupKind(), publicRoot},
	} {
		f, err := glootest.Kinds().Decode(o.kind, []byte(o.text))
		if err != nil {
			t.Fatal(err)
		}
		store.Put(f)
	}
	namespace := func(groups string) []byte {
		return fmt.Appendf(nil, `{"metadata":{"name":"n","annotations":{"aviary.dev/api-group":%q}}}`, groups)
	}
	for name, c := range map[string]struct {
		facts   fact.Reader
		groups  string
		allowed bool
		says    string
	}{
		"the group goes":  {store, "other", false, "[routes-kept] no requests would come to live routes of 1 table"},
		"another order":   {store, "other,example", true, ""},
		"nobody knows":    {slow{store}, "other", true, "Aviary could not judge this and admits it: it took longer than"},
		"the same groups": {slow{store}, " example , other", true, ""},
	} {
		v := validator(t, store)
		v.Facts = c.facts
		body := review(t, "namespaces", "", "Namespace", "UPDATE", namespace(c.groups), namespace("example,other"))
		got := post(t, v, body)
		said := strings.Join(got.Warnings, "\n")
		if got.Result != nil {
			said += got.Result.Message
		}
		if got.Allowed != c.allowed || !strings.Contains(said, c.says) || c.says == "" && said != "" {
			t.Errorf("%s: allowed %v: %q, must say %q", name, got.Allowed, said, c.says)
		}
	}
}

// An update that leaves the label out leaves the table in its group, whatever the list's order is now.
func TestMutateKeepsTheGroup(t *testing.T) {
	t.Parallel()
	store := inventory.NewStore()
	store.Put(&fact.Namespace{Name: "n", APIGroups: []string{"other", "example"}})
	m := &webhook.Mutate{Kinds: glootest.Kinds(), Facts: store, Now: time.Now}
	const bare = `{"metadata":{"namespace":"n","name":"r"},"spec":{}}`
	of := func(group string) string {
		return `{"metadata":{"namespace":"n","name":"r","labels":{"apiGroup":"` + group + `"}},"spec":{}}`
	}
	for name, c := range map[string]struct{ old, want string }{
		"in the list":  {of("example"), "example"},
		"not any more": {of("gone"), "other"},
		"had none":     {bare, "other"},
	} {
		body := review(t, "routetables", "gateway.solo.io", "RouteTable", "UPDATE", []byte(bare), []byte(c.old))
		if got := string(post(t, m, body).Patch); !strings.Contains(got, `"apiGroup":"`+c.want+`"`) {
			t.Errorf("%s: patch %s, want %s", name, got, c.want)
		}
	}
}
