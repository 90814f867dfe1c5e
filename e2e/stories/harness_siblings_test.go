package stories

import (
	"fmt"
	"slices"
	"strings"
)

// sibling names one of an app's siblings: its Service, Upstream or RouteTable.
type sibling struct{ resource, name string }

// siblingsOf returns the siblings of an app without shadows.
func siblingsOf(app string) []sibling {
	return []sibling{{"services", app}, {"upstreams", app}, {"routetables", app + "-routes"}}
}

// waitOwners waits until each sibling of app echo is owned by exactly these Deployments, none of
// which must wait for the sibling when it is deleted.
func (s *story) waitOwners(deployments ...string) {
	s.Helper()
	for _, x := range siblingsOf("echo") {
		s.eventually(x.resource+" to be owned by "+strings.Join(deployments, ", "), func() error {
			o, err := s.get(x.resource, x.name)
			if err != nil {
				return err
			}
			var names []string
			for _, owner := range o.GetOwnerReferences() {
				names = append(names, owner.Name)
				if owner.Kind != "Deployment" || owner.Controller != nil || owner.BlockOwnerDeletion != nil {
					return fmt.Errorf("%+v must be a Deployment that is no controller and waits for nothing", owner)
				}
			}
			if !slices.Equal(names, deployments) {
				return fmt.Errorf("its owners are %q", names)
			}
			return nil
		})
	}
}

// waitNoSiblings waits until none of app echo's siblings exists.
func (s *story) waitNoSiblings() {
	s.Helper()
	for _, x := range siblingsOf("echo") {
		s.waitGone(x.resource, x.name)
	}
}

// siblingUIDs returns the UIDs of app echo's siblings.
func (s *story) siblingUIDs() string {
	s.Helper()
	var out []string
	for _, x := range siblingsOf("echo") {
		out = append(out, x.resource+" "+string(s.mustGet(x.resource, x.name).GetUID()))
	}
	return strings.Join(out, ", ")
}

// fingerprint returns a text that changes when an object is written or replaced.
func (s *story) fingerprint(x sibling) string {
	s.Helper()
	o := s.mustGet(x.resource, x.name)
	return fmt.Sprintf("%s at %d with %v, %v", o.GetUID(), o.GetGeneration(), o.GetLabels(), o.GetOwnerReferences())
}
