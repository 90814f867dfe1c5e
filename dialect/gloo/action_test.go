package gloo

import (
	"testing"

	"aviary.dev/fact"
)

// TestActionsThatSayTheSame: a route behind one of the same action is no fault, however each of the two is written.
func TestActionsThatSayTheSame(t *testing.T) {
	t.Parallel()
	for name, pair := range map[string][2]string{
		"space": {`{"directResponseAction":{"status":200}}`, `{"directResponseAction":{ "status" : 200 }}`},
		"order": {
			`{"directResponseAction":{"status":200,"body":"b"}}`, `{"directResponseAction":{"body":"b","status":200}}`,
		},
		"escapes": {`{"redirectAction":{"hostRedirect":"a"}}`, `{"redirectAction":{"\u0068ostRedirect":"\u0061"}}`},
		"numbers": {
			`{"routeAction":{"dynamicForwardProxy":{"a":10}}}`, `{"routeAction":{"dynamicForwardProxy":{"a":1e1}}}`,
		},
	} {
		var actions []string
		for _, text := range pair {
			object := `{"apiVersion":"gateway.solo.io/v1","kind":"RouteTable","spec":{"routes":[` + text + `]}}`
			f, err := kinds.Decode(RouteTableKind.GroupKind(), []byte(object))
			if err != nil {
				t.Fatal(err)
			}
			actions = append(actions, f.(*fact.Table).Routes[0].Action)
		}
		if actions[0] != actions[1] || actions[0] == "" {
			t.Errorf("%s: %q", name, actions)
		}
	}
}
