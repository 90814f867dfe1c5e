package convention

import (
	"slices"
	"strings"
)

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
	found = slices.DeleteFunc(found, func(f Finding) bool {
		return f.Warning || f.Key != KeyApp && f.Key != KeyVersion && slices.Contains(deploymentKeys, f.Key)
	})
	return append(found, strangers(d.Annotations)...)
}

// strangers finds keys of ours in another domain, such as aviary.io/app.
func strangers(annotations map[string]string) (out []Finding) {
	for key := range annotations {
		domain, name, _ := strings.Cut(key, "/")
		if domain+"/" == Prefix || !strings.HasPrefix(domain, domainBegins) || !slices.Contains(deploymentKeys, Prefix+name) {
			continue
		}
		out = append(out, Finding{
			Key: key, Field: Annotation(key), Warning: true,
			Message: "is not an annotation that Aviary knows", Fix: "did you mean " + Prefix + name + "?",
		})
	}
	slices.SortFunc(out, func(a, b Finding) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// domainBegins is how a domain begins that may be meant for ours.
const domainBegins = "aviary."
