package policy

import "testing"

// TestEnginesShareWhatIsCompiled: modes and parameters alone need no other compiler; which rules are
// on, and a rule's text, do. It is not parallel: other tests' sets could drive out the one looked at.
func TestEnginesShareWhatIsCompiled(t *testing.T) {
	compilerUnder := func(change func(*Config)) any {
		cfg := DefaultConfig()
		change(&cfg)
		engine, err := New(t.Context(), cfg)
		if err != nil {
			t.Fatal(err)
		}
		return engine.subjects[SubjectRoutes].compiler
	}
	one := compilerUnder(func(*Config) {})
	warn := func(c *Config) { c.Enforcement = ModeWarn }
	total := func(c *Config) {
		c.Rules = map[string]RuleConfig{"weights-sum": {Params: map[string]any{"total": 50}}}
	}
	off := func(c *Config) { c.Rules = map[string]RuleConfig{"weights-sum": {Mode: ModeOff}} }
	if compilerUnder(warn) != one || compilerUnder(total) != one {
		t.Error("the same rules are compiled again for other modes or parameters")
	}
	if compilerUnder(off) == one {
		t.Error("a rule that is off is compiled all the same")
	}
	rules := Rules()
	for i := range rules {
		rules[i].module = rules[i].module.Copy()
	}
	if _, ok := builtinKey(rules); ok {
		t.Error("rules of another text pass for the built-in ones")
	}
}
