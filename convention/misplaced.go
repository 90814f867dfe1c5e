package convention

import (
	"slices"
	"strings"
)

// Misplaced warns of annotations that do nothing where they stand: on a pod template, on a workload that is no
// Deployment, or under another domain than ours.
func Misplaced(kind string, d *Deployment) (out []Finding) {
	warn := func(key, place, message, fix string) {
		out = append(out, Finding{Key: key, Field: place + Annotation(key), Message: message, Fix: fix, Warning: true})
	}
	template := ours(d.Spec.Template.Annotations)
	if kind != deploymentKind {
		const fix = "remove it, or use a Deployment"
		message := "has no effect on a " + kind + ": only Deployments are versions of an app"
		own := ours(d.Annotations)
		if kind != rolloutKind { // on all others, of which Aviary refuses changes, an override counts
			own = slices.DeleteFunc(own, func(key string) bool { return slices.Contains(appless, key) })
		}
		if len(own) > 0 {
			warn(own[0], "", message, fix)
		} else if len(template) > 0 {
			warn(template[0], onTemplate, message, fix)
		}
		return out
	}
	for _, key := range template {
		warn(key, onTemplate, "has no effect on the pod template", "move it to the Deployment's own annotations")
	}
	for _, key := range pick(d.Annotations, func(key string) bool { return meantBy(key) != "" }) {
		warn(key, "", "is not an annotation that Aviary knows", "did you mean "+meantBy(key)+"?")
	}
	return out
}

// deploymentKind is the kind whose objects may be versions.
const deploymentKind = "Deployment"

// rolloutKind is the kind of workload of which Aviary refuses nothing.
const rolloutKind = "Rollout"

// onTemplate is how the field path of an annotation of the pod template begins.
const onTemplate = "spec.template."

// ours are Aviary's keys among the annotations, sorted, without those that anybody may use.
func ours(annotations map[string]string) []string {
	return pick(annotations, func(key string) bool {
		return strings.HasPrefix(key, Prefix) && !strings.HasPrefix(key, freePrefix)
	})
}

// pick returns the keys that fit, sorted.
func pick(annotations map[string]string, fits func(string) bool) (keys []string) {
	for key := range annotations {
		if fits(key) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// meantBy is our key that one of another domain stands for, such as aviary.io/app; empty for none.
func meantBy(key string) string {
	if !strings.HasPrefix(key, domainBegins) || strings.HasPrefix(key, Prefix) {
		return ""
	}
	if _, name, _ := strings.Cut(key, "/"); slices.Contains(deploymentKeys, Prefix+name) {
		return Prefix + name
	}
	return ""
}

// domainBegins is how a domain begins that may be meant for ours.
const domainBegins = "aviary."
