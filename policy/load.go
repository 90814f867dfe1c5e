package policy

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"aviary.dev/joined"
)

// Judged is what there is to judge.
type Judged interface {
	// Judged are the names of kinds of objects, Dialects those of dialects.
	Judged() []string
	Dialects() []string
}

// dialectsOf returns the names of dialects; nil for any.
func dialectsOf(known Judged) []string {
	if known == nil {
		return nil
	}
	return known.Dialects()
}

// LoadConfig reads a configuration file as [ParseConfig] does, and the custom rules in the folders
// that it names; relative ones are looked for beside the file. Errors name the file. A rule that is
// wrong is an error like any other.
func LoadConfig(path string, known Judged) (Config, error) {
	cfg, broken, err := loadConfig(path, known)
	if err := errors.Join(err, broken); err != nil {
		return Config{}, fmt.Errorf("configuration %s: %w", path, err)
	}
	return cfg, nil
}

// loadConfig tells custom rules that are wrong (broken) from all else (err). The configuration is
// complete but for what it says of them.
func loadConfig(path string, known Judged) (cfg Config, broken, err error) {
	text, err := os.ReadFile(path) // #nosec G304 -- the path is the operator's flag
	if err != nil {
		return Config{}, nil, err
	}
	return parseConfig(text, filepath.Dir(path), known)
}

// ParseConfig decodes one YAML document, strictly: an unknown or repeated key, an unknown rule or
// parameter, or a value of another type is an error that names the key's path; all of them at once,
// a line each. What is absent has [DefaultConfig]'s value. Relative folders of policies are looked
// for in the working directory.
//
// known is what exceptions and custom rules may name; nil for anything.
func ParseConfig(text []byte, known Judged) (Config, error) {
	cfg, broken, err := parseConfig(text, "", known)
	if err := errors.Join(err, broken); err != nil {
		return Config{}, err
	}
	return cfg, nil
}

func parseConfig(text []byte, dir string, known Judged) (cfg Config, broken, err error) {
	rules, err := builtin()
	if err != nil {
		return Config{}, nil, err
	}
	file, err, wrong := decodeConfig(text)
	if err != nil {
		return Config{}, nil, err
	}
	cfg = file.config()
	errs := []error{wrong, errors.Join(file.scopes(&cfg)...)}
	for i, p := range file.Policies {
		if p == "" {
			errs = append(errs, fmt.Errorf("policies[%d]: is empty, must be a folder", i))
			continue
		}
		if !filepath.IsAbs(p) {
			p = filepath.Join(dir, p)
		}
		cfg.Policies = append(cfg.Policies, p)
	}
	broken = cfg.readCustom(rules, dialectsOf(known))
	all := slices.Concat(rules, cfg.CustomRules)
	cfg.forget(all, broken)
	var kinds []string
	if known != nil {
		kinds = known.Judged()
	}
	errs = append(errs, cfg.check(all, kinds))
	return cfg, broken, errors.Join(errs...)
}

// readCustom reads the rules in the folders.
func (c *Config) readCustom(rules []Rule, dialects []string) error {
	taken := takenBy(rules)
	var errs []error
	for _, dir := range c.Policies {
		custom, err := readFolder(dir, taken, dialects)
		c.CustomRules, errs = append(c.CustomRules, custom...), append(errs, err)
	}
	return errors.Join(errs...)
}

// forget drops what is said of rules that can't be known because they, or their folder, could not
// be read.
func (c *Config) forget(known []Rule, broken error) {
	if broken == nil {
		return
	}
	lost := lostRules(broken)
	unknown := func(id string) bool {
		isKnown := slices.ContainsFunc(known, func(r Rule) bool { return r.ID == id })
		return !isKnown && (lost == nil || lost[id])
	}
	maps.DeleteFunc(c.Rules, func(id string, _ RuleConfig) bool { return unknown(id) })
	for _, n := range c.Namespaces {
		maps.DeleteFunc(n.Rules, func(id string, _ Mode) bool { return unknown(id) })
	}
	c.Exceptions = slices.DeleteFunc(c.Exceptions, func(x Exception) bool { return unknown(x.Rule) })
}

// lostRules returns the ids that an error of readCustom is about; nil if they could be any.
func lostRules(err error) map[string]bool {
	lost := map[string]bool{}
	for _, e := range joined.Errors(err) {
		bad, ok := errors.AsType[*RuleError](e)
		if !ok {
			return nil
		}
		lost[bad.ID] = true
	}
	return lost
}
