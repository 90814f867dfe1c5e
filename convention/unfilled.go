package convention

import "slices"

// Unfilled says what keeps [DefaultsFor] from filling in the selector that a Deployment leaves out. The API server
// refuses such a Deployment before anybody judges it, in words that tell nothing of the annotations.
func Unfilled(d *Deployment, keys LabelKeys) []Finding {
	if !empty(d.Spec.Selector) {
		return nil
	}
	if _, _, ok := identity(d, keys); ok {
		return nil
	}
	_, found := Read(d, keys)
	return slices.DeleteFunc(found, func(f Finding) bool {
		if f.Field != Annotation(f.Key) || !slices.Contains(deploymentKeys, f.Key) {
			return false // it stands in the wrong place, or is of another name
		}
		return f.Warning || f.Key != KeyApp && f.Key != KeyVersion
	})
}
