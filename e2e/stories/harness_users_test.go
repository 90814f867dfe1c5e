package stories

import (
	"fmt"
	"strings"

	"k8s.io/client-go/dynamic"
)

// Rights of users, as verbs and resources.
const (
	mayDeploy = "get,list,create,update,patch,delete deployments.apps"
	mayScale  = "get,update,patch deployments/scale.apps"
	mayExpand = "get,list,create,update,patch,delete services upstreams.gloo.solo.io routetables.gateway.solo.io"
)

// user returns the story with kubectl run by a user who has these rights in the namespace.
func (s *story) user(name string, may ...string) *story {
	s.Helper()
	kubeconfig, err := s.User(name)
	s.must(err)
	var rules strings.Builder
	for _, right := range may {
		verbs, resources, _ := strings.Cut(right, " ")
		for resource := range strings.FieldsSeq(resources) {
			resource, group, _ := strings.Cut(resource, ".")
			resource, name, _ := strings.Cut(resource, "#")
			fmt.Fprintf(&rules, "- {apiGroups: [%q], resources: [%q], verbs: [%s]", group, resource, verbs)
			if name != "" {
				fmt.Fprintf(&rules, ", resourceNames: [%q]", name)
			}
			rules.WriteString("}\n")
		}
	}
	s.apply(fmt.Sprintf(`
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: %[1]q}
rules:
%[2]s---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: %[1]q}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: %[1]q}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: %[1]q}]
`, name, rules.String())).mustSucceed()
	other := *s
	other.userKubeconfig = kubeconfig
	return &other
}

// tenant returns the story with kubectl run by a tenant of the namespace, as docs/threat-model.md has it: a user with
// Kubernetes' role edit who may write all of Gloo's kinds.
func (s *story) tenant(name string) *story {
	s.Helper()
	s.kubectl("", "create", "rolebinding", name+"-edits", "--clusterrole=edit", "--user="+name).mustSucceed()
	return s.user(name, "'*' *.gloo.solo.io *.gateway.solo.io")
}

// bypass returns the story with an administrator whom the webhooks ignore, because the user name is
// Aviary's own. What it writes is like what two concurrent requests leave behind.
func (s *story) bypass() *story {
	s.Helper()
	config := s.Config()
	config.Impersonate.UserName = "system:serviceaccount:aviary-system:aviary"
	config.Impersonate.Groups = []string{"system:masters"}
	config.QPS = -1
	p := *s.plane
	var err error
	if p.objects, err = dynamic.NewForConfig(config); err != nil {
		s.Fatal(err)
	}
	return &story{T: s.T, plane: &p, namespace: s.namespace}
}
