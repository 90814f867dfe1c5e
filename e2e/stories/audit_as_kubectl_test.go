package stories

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// asKubectl are files in unusual forms. Each has an object that the webhook refuses (%[1]s is its
// namespace), or, with good, none.
var asKubectl = map[string]struct {
	text string
	good bool
}{
	"a merge key": {text: `apiVersion: v1
kind: List
items:
- &base {apiVersion: apps/v1, kind: Deployment, metadata: {name: plain-v1, namespace: %[1]s}, spec: %[2]s}
- <<: *base
  metadata: {name: merged-v2, namespace: %[1]s, annotations: {aviary.dev/app: merged, aviary.dev/weight: "777"}}
`},
	"a typed list": {text: `apiVersion: apps/v1
kind: DeploymentList
items:
- metadata: {name: typed-v2, namespace: %[1]s, annotations: {aviary.dev/app: typed, aviary.dev/weight: "777"}}
  spec: %[2]s
`},
	"items of another kind": {text: `apiVersion: v1
kind: ConfigMap
metadata: {name: z}
items: [{apiVersion: apps/v1, kind: Deployment, metadata: {name: menu-v2, namespace: %[1]s,
  annotations: {aviary.dev/app: menu, aviary.dev/weight: "777"}}, spec: %[2]s}]
`},
	"JSON before a marker": {text: `{"apiVersion": "v1", "kind": "ConfigMap",
"metadata": {"name": "x", "namespace": "%[1]s"}}
---
{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "json-v2", "namespace": "%[1]s",
  "annotations": {"aviary.dev/app": "json", "aviary.dev/weight": "777"}}, "spec": %[2]s}
`},
	"a kind that hides": {text: `apiVersion: apps/v1
metadata: {name: hidden-v2, namespace: %[1]s, annotations: {aviary.dev/app: hidden, aviary.dev/weight: "777", x: "
kind: ConfigMap
"}}
spec: %[2]s
"kind": Deployment
`},
	"a number": {text: `apiVersion: apps/v1
kind: Deployment
metadata: {name: number-v2, namespace: %[1]s, annotations: {aviary.dev/app: number, aviary.dev/weight: 10}}
spec: %[2]s
`},
	"a good List": {good: true, text: `apiVersion: v1
kind: List
items:
- &base {apiVersion: apps/v1, kind: Deployment, metadata: {name: fine-v1, namespace: %[1]s}, spec: %[2]s}
- <<: *base
  metadata: {name: fine-v2, namespace: %[1]s}
`},
	"a good stream": {good: true, text: `{"apiVersion": "v1", "kind": "ConfigMap",
"metadata": {"name": "y", "namespace": "%[1]s"}}
---
{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "plain", "namespace": "%[1]s"}, "spec": %[2]s}
`},
}

// TestAuditAsKubectl: whatever a file looks like, an audit of it fails where kubectl is refused, and
// passes where kubectl passes.
func TestAuditAsKubectl(t *testing.T) {
	t.Parallel()
	s := begin(t, "audit-as-kubectl")
	p := s.cli()
	const spec = `{"replicas": 0, "selector": {"matchLabels": {"app": "odd", "version": "v1"}}, "template": ` +
		`{"metadata": {"labels": {"app": "odd", "version": "v1"}}, "spec": {"containers": [{"name": "c", "image": "x"}]}}}`
	for what, file := range asKubectl {
		path := filepath.Join(t.TempDir(), "file.yaml")
		text := fmt.Sprintf(file.text, s.namespace, spec)
		s.must(os.WriteFile(path, []byte(text), 0o600))
		o := s.kubectl("", "apply", "--dry-run=server", "-f", path)
		r := p.audit("-f", path)
		if passes := o.err == nil; passes != file.good || passes != (r.code == 0) {
			t.Errorf("%s: kubectl says %v, and the audit ends with %d:\n%s\n%s", what, o.err, r.code, o.stderr, r.stdout)
		}
	}
}
