package policy

import (
	"fmt"
	"os"
)

const (
	configAPIVersion = "aviary.dev/v1alpha1"
	configKind       = "Config"
)

// Config is the behaviour that webhook, audit and command line share. [DefaultConfig], [ParseConfig] and [LoadConfig]
// give valid ones; [New] checks it once more.
type Config struct {
	// Enforcement caps every rule that isn't fixed: ModeDeny (no cap) or ModeWarn.
	Enforcement Mode
	Defaults    Defaults
	// GateOnReadiness keeps a canary's weight off the route until it has an available replica.
	GateOnReadiness bool
	// Rules holds what differs from the rules' own defaults, by rule id.
	Rules map[string]RuleConfig
	// Own are the platform team's own rules.
	Own []Rule
}

// Defaults are the values of annotations that are absent.
type Defaults struct {
	// APIGroup is empty for none.
	APIGroup string
	// CanaryHeaders are the headers that reach a canary, by name; empty for no header route.
	CanaryHeaders map[string]string
	Port          int
}

// RuleConfig is what the configuration says about one rule.
type RuleConfig struct {
	// Mode is ModeUnset where the rule's default holds.
	Mode Mode
	// Params hold only what differs from the rule's defaults.
	Params map[string]any
}

// DefaultConfig is what holds without a file: every rule at its default, nothing capped.
func DefaultConfig() Config {
	return Config{
		Enforcement:     ModeDeny,
		Defaults:        Defaults{CanaryHeaders: map[string]string{"stage": "canary"}, Port: 80},
		GateOnReadiness: true,
	}
}

// LoadConfig reads a configuration file as [ParseConfig] does; errors name the file.
func LoadConfig(path string) (Config, error) {
	text, err := os.ReadFile(path) // #nosec G304 -- the path is the operator's flag
	if err != nil {
		return Config{}, fmt.Errorf("read configuration: %w", err)
	}
	cfg, err := ParseConfig(text)
	if err != nil {
		return Config{}, fmt.Errorf("configuration %s: %w", path, err)
	}
	return cfg, nil
}

// ParseConfig decodes one YAML document, strictly: an unknown or repeated key, an unknown rule or parameter, or a value
// of another type is an error that names the key's path; all of them at once, a line each. What is absent has
// [DefaultConfig]'s value.
func ParseConfig(text []byte) (Config, error) {
	rules, err := builtin()
	if err != nil {
		return Config{}, err
	}
	return parseConfig(text, rules)
}

func parseConfig(text []byte, rules []Rule) (Config, error) {
	file, err := decodeConfig(text)
	if err != nil {
		return Config{}, err
	}
	cfg := file.config()
	return cfg, cfg.check(rules)
}
