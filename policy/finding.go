package policy

import (
	"cmp"
	"slices"
	"strings"
)

// Finding is one thing that is wrong with the object under judgement.
type Finding struct {
	// Rule is the id of the rule that found it.
	Rule string `json:"rule"`
	// Mode is what becomes of it: deny, warn or audit. Callers at admission hide audit findings.
	Mode Mode `json:"mode"`
	// Message says what is and what must be.
	Message string `json:"message"`
	// Fix says what to do, with concrete values.
	Fix string `json:"fix"`
	// Field is the path in the object, down to an annotation's key.
	Field string `json:"field"`
	// Exception is the reason of the exception that made the finding an audit one; empty if there
	// was none.
	Exception string `json:"exception,omitempty"`
	// Severity is ModeWarn where the rule itself caps the finding at a warning, else ModeUnset.
	// Mode respects it already.
	Severity Mode `json:"-"`
	// Annotation is the key of the Deployments' annotation that decides, of an object which Aviary keeps, what is found;
	// empty if none does.
	Annotation string `json:"-"`
	// Evidence says that the finding rests on another object, to be read live before a denial.
	Evidence bool `json:"-"`
}

// String returns the one-line form "field: [rule] message; fix".
func (f Finding) String() string { return f.Field + ": " + f.Cause() }

// Cause returns the line without the field: "[rule] message; fix".
func (f Finding) Cause() string { return "[" + f.Rule + "] " + f.Message + "; " + f.Fix }

// compare orders findings by field, rule, message, and then by all else, so that an order never
// depends on chance.
func (f Finding) compare(o Finding) int {
	return cmp.Or(
		strings.Compare(f.Field, o.Field),
		strings.Compare(f.Rule, o.Rule),
		strings.Compare(f.Message, o.Message),
		strings.Compare(f.Fix, o.Fix),
		cmp.Compare(o.Mode, f.Mode),
	)
}

// Sort orders the findings in place and returns them without duplicates. Findings that read the
// same are one: the one of the highest mode, which rests on evidence if any of them does.
func Sort(findings []Finding) []Finding {
	if len(findings) < 2 {
		return findings
	}
	slices.SortStableFunc(findings, Finding.compare)
	kept := findings[:1]
	for _, f := range findings[1:] {
		last := &kept[len(kept)-1]
		if f.String() != last.String() {
			kept = append(kept, f)
			continue
		}
		last.Evidence = last.Evidence || f.Evidence
	}
	return kept
}
