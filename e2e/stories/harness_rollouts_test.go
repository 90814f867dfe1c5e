package stories

// rollouts is as much of Argo's CRD as Aviary's webhooks need.
const rollouts = `
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: rollouts.argoproj.io}
spec:
  group: argoproj.io
  scope: Namespaced
  names: {kind: Rollout, plural: rollouts, singular: rollout}
  versions:
  - name: v1alpha1
    served: true
    storage: true
    schema:
      openAPIV3Schema:
        type: object
        properties: {spec: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`

// serveRollouts has the cluster serve Argo's Rollouts, as not every one does.
func (s *story) serveRollouts() {
	s.Helper()
	s.apply(rollouts).mustSucceed()
	s.eventually("Rollouts to be served", func() error { return s.kubectl("", "get", "rollouts").err })
}
