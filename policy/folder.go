package policy

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// maxSource is the size of a custom rule's file.
const maxSource = 64 << 10

var customID = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

// RuleError is what is wrong with one custom rule.
type RuleError struct {
	// ID is the rule's, Folder the one that holds its files.
	ID, Folder string
	Err        error
}

func (e *RuleError) Error() string {
	return fmt.Sprintf("rule %s (%s): %s", e.ID, e.Folder, strings.TrimSpace(e.Err.Error()))
}

func (e *RuleError) Unwrap() error { return e.Err }

// ReadFolder reads custom rules, which have the form of the built-in ones: each folder in dir is a
// rule. The rules that are right come even with an error, which joins a [RuleError] for each that
// is not; another error says that the folder could not be read. known is as for [ParseConfig].
func ReadFolder(dir string, known Judged) ([]Rule, error) {
	rules, err := builtin()
	if err != nil {
		return nil, err
	}
	return readFolder(dir, takenBy(rules), dialectsOf(known))
}

// takenBy tells by id who has it.
func takenBy(rules []Rule) map[string]string {
	taken := make(map[string]string, len(rules))
	for _, r := range rules {
		taken[r.ID] = "a built-in rule"
	}
	return taken
}

// readFolder refuses ids that are taken, and takes those of the rules it reads.
func readFolder(dir string, taken map[string]string, dialects []string) ([]Rule, error) {
	fsys := os.DirFS(dir)
	ids, err := ruleFolders(fsys)
	if err != nil {
		if bad, ok := errors.AsType[*fs.PathError](err); ok {
			err = bad.Err // its path is relative to dir
		}
		return nil, fmt.Errorf("policies: read %s: %w", dir, err)
	}
	var rules []Rule
	var errs []error
	for _, id := range ids {
		folder := filepath.Join(dir, id)
		rule, err := readRule(fsys, id)
		rule.Source = folder
		if err == nil {
			err = rule.checkCustom(taken[id], dialects)
		}
		if err != nil {
			errs = append(errs, &RuleError{ID: id, Folder: folder, Err: err})
			continue
		}
		taken[id] = "the rule in " + folder
		rules = append(rules, rule)
	}
	return rules, errors.Join(errs...)
}

// checkCustom holds a custom rule to what is asked of no built-in one.
func (r Rule) checkCustom(taken string, dialects []string) error {
	switch {
	case taken != "":
		return fmt.Errorf("%s has this id already; rename the folder, the file and the package", taken)
	case !customID.MatchString(r.ID):
		return errors.New("the id must be lower-case words with hyphens between, for example team-label")
	case r.size > maxSource:
		return fmt.Errorf("the file has %d bytes; at most %d are read", r.size, maxSource)
	case r.Fixed:
		return errors.New("METADATA: custom.fixed is for rules about Aviary's own hands")
	}
	for _, name := range r.Dialects {
		if dialects != nil && !slices.Contains(dialects, name) {
			return fmt.Errorf("METADATA: custom.dialects: %q is unknown%s", name, suggest(name, dialects))
		}
	}
	if err := r.inside(); err != nil {
		return err
	}
	_, err := compile([]Rule{r}, []Rule{r}, Config{})
	return err
}

// inside refuses what would be undefined, and so silently find nothing, because a custom rule sees
// its input, its parameters and itself alone; and functions that no rule may call.
func (r Rule) inside() error {
	var errs []error
	for _, i := range r.module.Imports {
		if path := i.Path.String(); path != "rego.v1" {
			errs = append(errs, fmt.Errorf("%s: imports %s; a rule imports nothing", i.Location, path))
		}
	}
	params := ast.MustParseRef(fmt.Sprintf("data.params[%q]", r.ID))
	ast.WalkRefs(r.module, func(ref ast.Ref) bool {
		if ref[0].Equal(ast.DefaultRootDocument) && !ref.HasPrefix(params) && !ref.HasPrefix(r.module.Package.Path) {
			err := fmt.Errorf("%s: reads %s; of data, a rule reads %s alone", ref[0].Location, ref, params)
			errs = append(errs, err)
		}
		name := ref.String()
		if _, known := ast.BuiltinMap[name]; known && !isAllowed(name) {
			const why = "which no rule may: it reaches out, answers differently each time, or can't be bounded"
			errs = append(errs, fmt.Errorf("%s: calls %s, %s", ref[0].Location, name, why))
		}
		return false
	})
	return errors.Join(errs...)
}
