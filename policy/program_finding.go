package policy

import (
	"fmt"

	"github.com/open-policy-agent/opa/v1/ast"
)

// appendFindings adds a rule's set of findings. What isn't in the form of README.md is an error
// that names the rule: a finding that got lost would be a hole.
func appendFindings(findings []Finding, id string, term *ast.Term) ([]Finding, error) {
	set, ok := term.Value.(ast.Set)
	if !ok {
		return nil, fmt.Errorf("rule %s: findings must be a set, are %s", id, term)
	}
	err := set.Iter(func(found *ast.Term) error {
		f, err := readFinding(id, found)
		findings = append(findings, f)
		return err
	})
	return findings, err
}

func readFinding(id string, term *ast.Term) (Finding, error) {
	object, ok := term.Value.(ast.Object)
	if !ok {
		return Finding{}, fmt.Errorf("rule %s: a finding must be an object, is %s", id, term)
	}
	f := Finding{Rule: id}
	err := object.Iter(f.set)
	if err != nil {
		return Finding{}, fmt.Errorf("rule %s: %w", id, err)
	}
	for _, part := range [][2]string{{"field", f.Field}, {"message", f.Message}, {"fix", f.Fix}} {
		if part[1] == "" {
			return Finding{}, fmt.Errorf("rule %s: a finding lacks its %s: %s", id, part[0], object)
		}
	}
	return f, nil
}

func (f *Finding) set(key, value *ast.Term) error {
	name, _ := key.Value.(ast.String)
	text, isText := value.Value.(ast.String)
	truth, isTruth := value.Value.(ast.Boolean)
	switch {
	case name == "field" && isText:
		f.Field = string(text)
	case name == "message" && isText:
		f.Message = string(text)
	case name == "fix" && isText:
		f.Fix = string(text)
	case name == "annotation" && isText:
		f.Annotation = string(text)
	case name == "evidence" && isTruth:
		f.Evidence = bool(truth)
	case name == "severity" && (value.Value.Compare(ast.String("warn")) == 0):
		f.Severity = ModeWarn
	case name == "severity" && (value.Value.Compare(ast.String("deny")) == 0):
	default:
		return fmt.Errorf("a finding may not have %s: %s", key, value)
	}
	return nil
}
