package policy

import "aviary.dev/convention"

const (
	configAPIVersion = "aviary.dev/v1alpha1"
	configKind       = "Config"
)

// Config is the behaviour that webhook, audit and command line share. [DefaultConfig],
// [ParseConfig] and [LoadConfig] return valid ones; [New] checks it once more.
type Config struct {
	// Enforcement caps every rule that isn't fixed: ModeDeny (no cap) or ModeWarn.
	Enforcement Mode
	Defaults    Defaults
	// GateOnReadiness keeps a canary's weight off the route until it has an available replica.
	GateOnReadiness bool
	// Rules holds what differs from the rules' own defaults, by rule id.
	Rules map[string]RuleConfig
	// Namespaces change modes for some Namespaces; the first that selects one holds.
	Namespaces []NamespaceConfig
	Exceptions []Exception
	// Policies are the folders of custom rules, which a platform team writes; CustomRules are those
	// that were read there.
	Policies    []string
	CustomRules []Rule
}

// Defaults are the values of annotations that are absent, and of what no annotation says.
type Defaults struct {
	// APIGroup is empty for none.
	APIGroup string
	// CanaryHeaders are the headers that reach a canary, by name; empty for no header route.
	CanaryHeaders map[string]string
	Port          int
	// FallbackPolicy is what the backends that Aviary writes do where a version has no pods; empty to leave it to
	// the dialect.
	FallbackPolicy convention.Fallback
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
