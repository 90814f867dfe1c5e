package convention

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
)

// OverrideLasts is how long after its stamp an override counts for a DELETE or a scaling.
const OverrideLasts = time.Hour

// Override is the annotation aviary.dev/override: the rules that it turns into warnings, and why.
type Override struct {
	Rules  []string
	Reason string
}

// Names reports whether the override names the rule.
func (o Override) Names(rule string) bool { return slices.Contains(o.Rules, rule) }

// Equal reports whether both say the same.
func (o Override) Equal(p Override) bool {
	return o.Reason == p.Reason && slices.Equal(o.Rules, p.Rules)
}

var ruleText = regexp.MustCompile(`^[a-z0-9]+(-[a-z0-9]+)*$`)

// ParseOverride reads "<rule>[,<rule>]: <reason>". Whether there are such rules is for others to say.
func ParseOverride(text string) (Override, error) {
	names, reason, found := strings.Cut(text, ":")
	o := Override{Reason: strings.TrimSpace(reason)}
	if !found || o.Reason == "" {
		return Override{}, fmt.Errorf("%s must be <rule>[,<rule>]: <reason>", quote(text))
	}
	for name := range strings.SplitSeq(names, ",") {
		if name = strings.TrimSpace(name); !ruleText.MatchString(name) {
			return Override{}, fmt.Errorf("%s must be <rule>[,<rule>]: <reason>: %s is no rule's name", quote(text), quote(name))
		}
		if !slices.Contains(o.Rules, name) {
			o.Rules = append(o.Rules, name)
		}
	}
	return o, nil
}
