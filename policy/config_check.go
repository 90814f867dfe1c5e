package policy

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"aviary.dev/convention"
)

func (f configFile) checkModes() []error {
	var errs []error
	if e := f.Enforcement; e != nil && *e != "deny" && *e != "warn" {
		errs = append(errs, fmt.Errorf("enforcement: %q must be deny or warn", *e))
	}
	for _, id := range slices.Sorted(maps.Keys(f.Rules)) {
		if mode := f.Rules[id].Mode; mode != nil {
			if _, err := ParseMode(string(*mode)); err != nil {
				errs = append(errs, fmt.Errorf("rules.%s: %w", id, err))
			}
		}
	}
	return errs
}

// config leaves out modes that aren't any: checkModes reports them.
func (f configFile) config() Config {
	cfg := DefaultConfig()
	cfg.Defaults.APIGroup = f.Defaults.APIGroup
	if f.Defaults.CanaryHeaders != nil {
		cfg.Defaults.CanaryHeaders = *f.Defaults.CanaryHeaders
	}
	if f.Defaults.Port != nil {
		cfg.Defaults.Port = *f.Defaults.Port
	}
	cfg.Defaults.FallbackPolicy = convention.Fallback(f.Defaults.FallbackPolicy)
	if f.GateOnReadiness != nil {
		cfg.GateOnReadiness = *f.GateOnReadiness
	}
	if e := f.Enforcement; e != nil && *e == ModeWarn.String() {
		cfg.Enforcement = ModeWarn
	}
	for id, said := range f.Rules {
		rule := RuleConfig{Params: said.Params}
		if said.Mode != nil {
			rule.Mode, _ = ParseMode(string(*said.Mode))
		}
		if cfg.Rules == nil {
			cfg.Rules = map[string]RuleConfig{}
		}
		cfg.Rules[id] = rule
	}
	return cfg
}

// check reports all that doesn't fit the rules, in the order of the keys in [Config]. kinds are
// those that are judged; nil leaves kinds unchecked.
func (c Config) check(rules []Rule, kinds []string) error {
	var errs []error
	if c.Enforcement != ModeDeny && c.Enforcement != ModeWarn {
		errs = append(errs, fmt.Errorf("enforcement: %q must be deny or warn", c.Enforcement))
	}
	if c.Defaults.Port < 1 || c.Defaults.Port > 65535 {
		errs = append(errs, fmt.Errorf("defaults.port: %d must be from 1 to 65535", c.Defaults.Port))
	}
	if g := c.Defaults.APIGroup; g != "" && !isLabelValue(g) {
		const form = "at most 63 letters, digits, '-', '_' or '.', with a letter or digit at both ends"
		errs = append(errs, fmt.Errorf("defaults.apiGroup: %q must be a label value: %s", g, form))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Defaults.CanaryHeaders)) {
		value := c.Defaults.CanaryHeaders[name]
		if !isHeaderName(name) || value == "" || strings.ContainsAny(value, ",\r\n") {
			const must = "must be a header's name and a value without commas"
			errs = append(errs, fmt.Errorf("defaults.canaryHeaders: %s=%q %s", name, value, must))
		}
	}
	switch f := c.Defaults.FallbackPolicy; f {
	case convention.FallbackUnset, convention.FallbackAny, convention.FallbackNone:
	default:
		const must = "defaults.fallbackPolicy: %q must be %s or %s, or left out"
		errs = append(errs, fmt.Errorf(must, f, convention.FallbackAny, convention.FallbackNone))
	}
	byID := make(map[string]Rule, len(rules))
	for _, r := range rules {
		byID[r.ID] = r
	}
	for _, id := range slices.Sorted(maps.Keys(c.Rules)) {
		rule, known := byID[id]
		if !known {
			errs = append(errs, fmt.Errorf("rules.%s: unknown rule%s", id, suggestOf(id, byID)))
			continue
		}
		errs = append(errs, c.Rules[id].check(rule)...)
	}
	for i, n := range c.Namespaces {
		errs = append(errs, n.check(fmt.Sprintf("namespaces[%d]", i), byID)...)
	}
	for i, x := range c.Exceptions {
		errs = append(errs, x.check(fmt.Sprintf("exceptions[%d]", i), byID, kinds)...)
	}
	return errors.Join(errs...)
}

func (c RuleConfig) check(rule Rule) []error {
	var errs []error
	if rule.Fixed && c.Mode != ModeUnset && c.Mode != rule.Mode {
		errs = append(errs, fmt.Errorf("rules.%s.mode: %w", rule.ID, rule.isFixed(c.Mode)))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Params)) {
		param, known := rule.Params[name]
		if !known {
			near := suggestOf(name, rule.Params)
			errs = append(errs, fmt.Errorf("rules.%s.params.%s: unknown parameter%s", rule.ID, name, near))
			continue
		}
		if wrong := param.check(c.Params[name]); wrong != "" {
			errs = append(errs, fmt.Errorf("rules.%s.params.%s: %s", rule.ID, name, wrong))
		}
	}
	return errs
}
