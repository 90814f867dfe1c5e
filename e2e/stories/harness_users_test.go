package stories

import (
	"fmt"
	"strings"

	"k8s.io/client-go/dynamic"
)

// What users may do, as verbs and resources.
const (
	deploys = "get,list,create,update,patch,delete deployments.apps"
	scales  = "get,update,patch deployments/scale.apps"
	expands = "get,list,create,update,patch,delete services upstreams.gloo.solo.io routetables.gateway.solo.io"
)

// user gives the story as somebody else tells it: a user who may do these things
// in the namespace.
func (s *story) user(name string, may ...string) *story {
	s.Helper()
	kubeconfig, err := s.User(name)
	if err != nil {
		s.Fatal(err)
	}
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
	other.as = kubeconfig
	return &other
}

// past gives the story the rights of an administrator under a name that the webhooks let pass: what it does is as if it
// had crossed with another request.
func (s *story) past() *story {
	s.Helper()
	config := s.Config()
	config.Impersonate.UserName = "system:serviceaccount:aviary-system:aviary"
	config.Impersonate.Groups = []string{"system:masters"}
	config.QPS = -1
	plane := *s.plane
	var err error
	if plane.objects, err = dynamic.NewForConfig(config); err != nil {
		s.Fatal(err)
	}
	return &story{T: s.T, plane: &plane, namespace: s.namespace}
}
