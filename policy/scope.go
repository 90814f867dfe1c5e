package policy

import (
	"maps"
	"path"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// Scope is where findings are made. It decides which modes and exceptions hold.
type Scope struct {
	// Namespace, Kind and Name are those of the object under judgement.
	Namespace, Kind, Name string
	// Labels are the Namespace's; nil if they are not known. What isn't known loosens nothing: of
	// the modes that the rules may then have, the strictest holds. (The label of the Namespace's
	// own name is known in any case.)
	Labels map[string]string
	// Now tells which exceptions have expired.
	Now time.Time
}

// namespaceModes are the modes in force in the Namespaces that an entry of the configuration
// selects.
type namespaceModes struct {
	selector labels.Selector
	modes    map[string]Mode
}

// In returns the engine as it judges in a scope. It costs next to nothing where the configuration
// has neither namespaces nor exceptions.
func (e *Engine) In(s Scope) *Engine {
	if len(e.namespaces) == 0 && len(e.exceptions) == 0 {
		return e
	}
	in := *e
	in.modes, in.excepted = e.modesIn(s), nil
	for _, x := range e.exceptions {
		if x.covers(s) {
			in.excepted = append(in.excepted, x)
		}
	}
	return &in
}

// AsksLabels reports whether the modes depend on the Namespace's labels.
func (e *Engine) AsksLabels() bool { return len(e.namespaces) > 0 }

func (e *Engine) modesIn(s Scope) map[string]Mode {
	if s.Labels == nil {
		return e.strictest(s.Namespace)
	}
	set := labels.Set(maps.Clone(s.Labels))
	set[corev1.LabelMetadataName] = s.Namespace
	for _, n := range e.namespaces {
		if n.selector.Matches(set) {
			return n.modes
		}
	}
	return e.global
}

// strictest returns for each rule the highest of the modes that it can have in a Namespace of which
// only the name is known.
func (e *Engine) strictest(namespace string) map[string]Mode {
	known := labels.Set{corev1.LabelMetadataName: namespace}
	highest := map[string]Mode{}
	raise := func(modes map[string]Mode) {
		for id, mode := range modes {
			highest[id] = max(highest[id], mode)
		}
	}
	for _, n := range e.namespaces {
		requirements, _ := n.selector.Requirements()
		fits, certain := true, true
		for _, r := range requirements {
			if r.Key() != corev1.LabelMetadataName {
				certain = false
			} else if !r.Matches(known) {
				fits = false
			}
		}
		if fits {
			raise(n.modes)
		}
		if fits && certain {
			return highest // no later entry and no global mode can hold
		}
	}
	raise(e.global)
	return highest
}

// covers reports whether the exception, which must not have expired, matches the object as a whole.
func (x Exception) covers(s Scope) bool {
	return !x.expired(s.Now) && fits(x.Namespace, s.Namespace) && fits(x.Kind, s.Kind) && fits(x.Name, s.Name)
}

// fits expects a checked pattern; an empty one was not given.
func fits(pattern, text string) bool {
	ok, err := path.Match(pattern, text)
	return pattern == "" || ok && err == nil
}

// InForce sets the modes of the findings, which need not be of its own evaluation, and drops those that are off here.
func (e *Engine) InForce(findings []Finding) []Finding {
	kept := findings[:0]
	for _, f := range findings {
		f.Mode = e.modes[f.Rule]
		if f.Severity == ModeWarn {
			f.Mode = min(f.Mode, ModeWarn)
		}
		if f.Mode == ModeOff {
			continue
		}
		for _, x := range e.excepted {
			if x.Rule == f.Rule {
				f.Mode, f.Exception = ModeAudit, x.Reason
				break
			}
		}
		kept = append(kept, f)
	}
	return kept
}
