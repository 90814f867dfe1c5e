package policy

import (
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// NamespaceConfig changes modes in the Namespaces that it selects.
type NamespaceConfig struct {
	// Selector is over the Namespace's labels; an empty one selects every Namespace.
	Selector metav1.LabelSelector
	// Rules holds the modes that differ, by rule id.
	Rules map[string]Mode
}

// Exception makes audit findings of a rule's findings about some objects, until it expires.
type Exception struct {
	// Rule is the id of the one rule.
	Rule string
	// Namespace, Kind and Name are globs as in [path.Match]; an empty one was not given and matches
	// anything. One exception must match as a whole: two never add up.
	Namespace, Kind, Name string
	Reason                string
	// Expires is the last day, in UTC, on which it holds.
	Expires time.Time
}

// expired reports whether the last day is over.
func (x Exception) expired(now time.Time) bool { return !now.Before(x.Expires.AddDate(0, 0, 1)) }

// Warnings tells what is right in form and yet without effect: a line for each exception that has
// expired.
func (c Config) Warnings(now time.Time) []string {
	var out []string
	for i, x := range c.Exceptions {
		if x.expired(now) {
			const remedy = "is ignored; remove it, or give it a new date"
			out = append(out, fmt.Sprintf("exceptions[%d]: the exception from %s (%s) expired on %s and %s",
				i, x.Rule, x.Reason, x.Expires.Format(time.DateOnly), remedy))
		}
	}
	return out
}

type namespaceFile struct {
	Selector *metav1.LabelSelector `json:"selector"`
	Rules    map[string]modeText   `json:"rules"`
}

type exceptionFile struct {
	Rule  string `json:"rule"`
	Match struct {
		Namespace string `json:"namespace"`
		Kind      string `json:"kind"`
		Name      string `json:"name"`
	} `json:"match"`
	Reason  string `json:"reason"`
	Expires string `json:"expires"`
}

// scopes takes over namespaces and exceptions, and reports what can be said without knowing the
// rules.
func (f configFile) scopes(cfg *Config) []error {
	var errs []error
	for i, n := range f.Namespaces {
		at := fmt.Sprintf("namespaces[%d]", i)
		said := NamespaceConfig{Rules: map[string]Mode{}}
		if n.Selector == nil {
			const remedy = "select Namespaces by their labels, for example {matchLabels: {tier: sandbox}}"
			errs = append(errs, fmt.Errorf("%s.selector: is missing; %s", at, remedy))
		} else {
			said.Selector = *n.Selector
		}
		for _, id := range slices.Sorted(maps.Keys(n.Rules)) {
			mode, err := ParseMode(string(n.Rules[id]))
			switch {
			case strings.HasPrefix(string(n.Rules[id]), "{"):
				err = errors.New("must be a mode alone, one of deny, warn, audit, off; " +
					"parameters are the same in every Namespace")
				fallthrough
			case err != nil:
				errs = append(errs, fmt.Errorf("%s.rules.%s: %w", at, id, err))
			default:
				said.Rules[id] = mode
			}
		}
		cfg.Namespaces = append(cfg.Namespaces, said)
	}
	for i, x := range f.Exceptions {
		expires, err := time.Parse(time.DateOnly, x.Expires)
		if err != nil {
			is := fmt.Sprintf("%q", x.Expires)
			if x.Expires == "" {
				is = "is missing, and"
			}
			const must = "must be the last day, for example 2027-01-31"
			errs = append(errs, fmt.Errorf("exceptions[%d].expires: %s %s", i, is, must))
		}
		cfg.Exceptions = append(cfg.Exceptions, Exception{
			Rule: x.Rule, Namespace: x.Match.Namespace, Kind: x.Match.Kind, Name: x.Match.Name,
			Reason: strings.TrimSpace(x.Reason), Expires: expires,
		})
	}
	return errs
}

func (n NamespaceConfig) check(at string, byID map[string]Rule) []error {
	var errs []error
	if _, err := metav1.LabelSelectorAsSelector(&n.Selector); err != nil {
		errs = append(errs, fmt.Errorf("%s.selector: %w", at, err))
	}
	for _, id := range slices.Sorted(maps.Keys(n.Rules)) {
		switch rule, known := byID[id]; {
		case !known:
			errs = append(errs, fmt.Errorf("%s.rules.%s: unknown rule%s", at, id, suggestOf(id, byID)))
		case rule.Fixed && n.Rules[id] != rule.Mode:
			errs = append(errs, fmt.Errorf("%s.rules.%s: %w", at, id, rule.isFixed(n.Rules[id])))
		}
	}
	return errs
}

// check reports what is wrong with the exception at a path of the configuration. kinds are those
// that are judged: of another, nothing is ever found, so it is a slip of the pen. nil leaves it
// unchecked.
func (x Exception) check(at string, byID map[string]Rule, kinds []string) []error {
	var errs []error
	rule, known := byID[x.Rule]
	switch {
	case x.Rule == "":
		errs = append(errs, fmt.Errorf("%s.rule: is missing; say from which rule", at))
	case !known:
		errs = append(errs, fmt.Errorf("%s.rule: unknown rule %s%s", at, x.Rule, suggestOf(x.Rule, byID)))
	case rule.Fixed:
		const why = "the rule is about Aviary's own hands"
		errs = append(errs, fmt.Errorf("%s.rule: there is no exception from %s: %s", at, x.Rule, why))
	}
	if x.Namespace == "" && x.Kind == "" && x.Name == "" {
		const remedy = `say namespace, kind or name, for example {namespace: legacy, kind: Deployment, name: "old-*"}`
		errs = append(errs, fmt.Errorf("%s.match: is missing; %s", at, remedy))
	}
	named := func(kind string) bool { return fits(x.Kind, kind) }
	for _, m := range [][2]string{{"namespace", x.Namespace}, {"kind", x.Kind}, {"name", x.Name}} {
		if _, err := path.Match(m[1], ""); err != nil {
			const form = "* stands for any text, ? for one character, [a-z] for one of a range"
			errs = append(errs, fmt.Errorf("%s.match.%s: %q is no glob; %s", at, m[0], m[1], form))
		} else if m[0] == "kind" && kinds != nil && !slices.ContainsFunc(kinds, named) {
			known := strings.Join(slices.Sorted(slices.Values(kinds)), ", ")
			errs = append(errs, fmt.Errorf("%s.match.kind: %q is no kind that is judged; kinds: %s", at, x.Kind, known))
		}
	}
	if x.Reason == "" {
		errs = append(errs, fmt.Errorf("%s.reason: is missing; say why, for example a ticket", at))
	}
	return errs
}

func (r Rule) isFixed(mode Mode) error {
	return fmt.Errorf("%q is not possible: the rule is about Aviary's own hands and always %s", mode, r.Mode)
}
