package policy

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

//go:embed rules/*/*.rego rules/*/README.md
var embedded embed.FS

// Subject is the kind of input document that a rule judges.
type Subject string

const (
	// SubjectRoutes is a routing object: RouteTable, VirtualService, UpstreamGroup.
	SubjectRoutes Subject = "routes"
	// SubjectDeployment is a workload and its app, before and after.
	SubjectDeployment Subject = "deployment"
)

// Rule is what a rule's folder says about it.
type Rule struct {
	// ID is the folder's name, the last part of the package, the key in the configuration and the tag of its findings.
	ID string
	// Title is one line, Description one paragraph for people.
	Title, Description string
	// Subjects are the documents it judges.
	Subjects []Subject
	// Mode is the default mode.
	Mode Mode
	// Params are the parameters' defaults, as encoding/json decodes them; nil if it has none.
	Params map[string]any
	// Fixed: no cap, mode or configuration lowers it.
	Fixed bool
	// Page is the folder's README.md: why, bad, good, fix.
	Page string
	// Source is where it is from: [BuiltIn], or the rule's folder.
	Source string

	module *ast.Module
}

// BuiltIn is the [Rule.Source] of Aviary's own rules.
const BuiltIn = "built-in"

// Defaults gives the values of the parameters where no configuration says others; nil if there are none.
func (r Rule) Defaults() map[string]any { return r.Params }

// Rules lists the built-in rules, sorted by id. It reads what is embedded at build time, so it can't fail but for a
// broken build, which panics.
func Rules() []Rule {
	rules, err := builtin()
	if err != nil {
		panic(err)
	}
	return rules
}

func builtin() ([]Rule, error) {
	sub, err := fs.Sub(embedded, "rules")
	if err != nil {
		return nil, err
	}
	rules, err := readRules(sub)
	for i := range rules {
		rules[i].Source = BuiltIn
	}
	return rules, err
}

// readRules reads a folder of rule folders: <id>/<id with _>.rego and <id>/README.md. Tests (*_test.rego) are skipped;
// any other .rego file is an error, because it would be silently without effect.
func readRules(fsys fs.FS) ([]Rule, error) {
	dirs, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	var rules []Rule
	for _, dir := range dirs {
		if !dir.IsDir() {
			continue
		}
		rule, err := readRule(fsys, dir.Name())
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", dir.Name(), err)
		}
		rules = append(rules, rule)
	}
	return rules, nil
}

func readRule(fsys fs.FS, id string) (Rule, error) {
	name := path.Join(id, strings.ReplaceAll(id, "-", "_")+".rego")
	files, err := fs.Glob(fsys, id+"/*.rego")
	if err != nil {
		return Rule{}, err
	}
	for _, file := range files {
		if file != name && !strings.HasSuffix(file, "_test.rego") {
			return Rule{}, fmt.Errorf("unexpected file %s: a rule is one file, %s", file, name)
		}
	}
	source, err := fs.ReadFile(fsys, name)
	if err != nil {
		return Rule{}, err
	}
	page, err := fs.ReadFile(fsys, path.Join(id, "README.md"))
	if err != nil {
		return Rule{}, err
	}
	module, err := ast.ParseModuleWithOpts(name, string(source), ast.ParserOptions{ProcessAnnotation: true})
	if err != nil {
		return Rule{}, err
	}
	rule := Rule{ID: id, Page: string(page), module: module}
	return rule, rule.describe()
}
