package policy

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

//go:embed rules/*/*.rego rules/*/README.md
var embedded embed.FS

// Subject is the kind of input document that a rule judges.
type Subject string

const (
	// SubjectRoutes is an object with routes, or with the destinations of one.
	SubjectRoutes Subject = "routes"
	// SubjectDeployment is a workload and its app, before and after.
	SubjectDeployment Subject = "deployment"
	// SubjectBackend is an object of a dialect's that stands for endpoints, and the routes that use
	// it.
	SubjectBackend Subject = "backend"
	// SubjectService is a Service and what takes its endpoints.
	SubjectService Subject = "service"
)

// subjects are all of them.
var subjects = []Subject{SubjectRoutes, SubjectDeployment, SubjectBackend, SubjectService}

// Rule is what a rule's folder says about it.
type Rule struct {
	// ID is the folder's name, the last part of the package, the key in the configuration and the
	// tag of its findings.
	ID string
	// Title is one line, Description one paragraph for people.
	Title, Description string
	// Subjects are the documents it judges.
	Subjects []Subject
	// Dialects are the names of those that it is about; nil for all. It is not evaluated for
	// objects of others.
	Dialects []string
	// Mode is the default mode.
	Mode Mode
	// Params are the parameters by name; nil if it has none.
	Params map[string]Param
	// Fixed: no cap, mode or configuration lowers it.
	Fixed bool
	// Kept: it also refuses a change of an object that Aviary keeps, and would put back.
	Kept bool
	// Absence: its warnings say what is not there, so they are given only of what the API server lacks, too.
	Absence bool
	// Page is the folder's README.md: why, bad, good, fix. It may be empty for a custom rule.
	Page string
	// Source is where it is from: "built-in", or the rule's folder.
	Source string

	module *ast.Module
	size   int // of the source, in bytes
}

// builtIn is the [Rule.Source] of the built-in rules.
const builtIn = "built-in"

// Defaults returns the values of the parameters where no configuration says others; nil if there
// are none.
func (r Rule) Defaults() map[string]any {
	if len(r.Params) == 0 {
		return nil
	}
	values := make(map[string]any, len(r.Params))
	for name, p := range r.Params {
		values[name] = p.Default
	}
	return values
}

// Rules lists the built-in rules, sorted by id. It reads what is embedded at build time, so it
// can't fail but for a broken build, which panics.
func Rules() []Rule {
	rules, err := builtin()
	if err != nil {
		panic(err)
	}
	return slices.Clone(rules)
}

// builtin parses once what never changes.
var builtin = sync.OnceValues(readBuiltin)

func readBuiltin() ([]Rule, error) {
	sub, err := fs.Sub(embedded, "rules")
	if err != nil {
		return nil, err
	}
	return readRules(sub)
}

// readRules reads a folder of rule folders: <id>/<id with _>.rego and <id>/README.md. Tests
// (*_test.rego) are skipped; any other .rego file is an error, because it would be silently without
// effect.
func readRules(fsys fs.FS) ([]Rule, error) {
	ids, err := ruleFolders(fsys)
	if err != nil {
		return nil, err
	}
	var rules []Rule
	for _, id := range ids {
		rule, err := readRule(fsys, id)
		if err == nil && rule.Page == "" {
			err = errors.New("README.md is missing")
		}
		if err != nil {
			return nil, fmt.Errorf("rule %s: %w", id, err)
		}
		rule.Source = builtIn
		rules = append(rules, rule)
	}
	return rules, nil
}

// ruleFolders names the folders in a folder, sorted. Links count as what they lead to, and names
// that begin with a dot do not count: that is how Kubernetes mounts a ConfigMap.
func ruleFolders(fsys fs.FS) ([]string, error) {
	entries, err := fs.ReadDir(fsys, ".")
	if err != nil {
		return nil, err
	}
	var ids []string
	for _, entry := range entries {
		name := entry.Name()
		if strings.HasPrefix(name, ".") {
			continue
		}
		info, err := fs.Stat(fsys, name)
		switch {
		case err != nil:
			return nil, err
		case info.IsDir():
			ids = append(ids, name)
		case strings.HasSuffix(name, ".rego"):
			id := strings.TrimSuffix(name, ".rego")
			folder := strings.ReplaceAll(id, "_", "-")
			return nil, fmt.Errorf("unexpected file %s: a rule is a folder, %s/%s", name, folder, name)
		}
	}
	return ids, nil
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
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return Rule{}, err
	}
	module, err := ast.ParseModuleWithOpts(path.Base(name), string(source), ast.ParserOptions{ProcessAnnotation: true})
	if err != nil {
		return Rule{}, err
	}
	rule := Rule{ID: id, Page: string(page), module: module, size: len(source)}
	return rule, rule.describe()
}
