package main

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"text/template"
)

//go:embed template
var templates embed.FS

var names = regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)

// scaffold writes the rule and its line in the list of rules, and returns the files. Where it refuses, it has written
// none.
func scaffold(root, name string) ([]string, error) {
	if !names.MatchString(name) {
		return nil, fmt.Errorf("%q must be lower-case words with hyphens between, for example weights-sum", name)
	}
	rule := about(name)
	files, err := fill(rule)
	if err != nil {
		return nil, err
	}
	list, text, err := addToList(root, rule)
	if err != nil {
		return nil, err
	}
	folder := path.Join(rulesFolder, name)
	if _, err := os.Lstat(filepath.Join(root, folder)); err == nil { // #nosec G703 -- the name holds no path
		return nil, fmt.Errorf("%s is there already: choose another name, or remove it", folder)
	}
	files[list] = text
	written := slices.Sorted(maps.Keys(files))
	for _, file := range written {
		if err := write(filepath.Join(root, file), files[file]); err != nil {
			return nil, err
		}
	}
	return written, nil
}

// write writes a file as git would, with its folder.
func write(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil { //nolint:gosec // sources are for everybody
		return err
	}
	return os.WriteFile(file, text, 0o644) //nolint:gosec // sources are for everybody
}

// rule is what the templates and the list say of a rule.
type rule struct{ Name, Title, Finds, Mode string }

func about(name string) rule {
	return rule{
		Name: name, Mode: "warn", Title: "An app has only a few versions",
		Finds: "an app with more versions than `maxVersions`",
	}
}

// fill returns the files of the rule's folder, by their path in the repository.
func fill(r rule) (map[string][]byte, error) {
	files := map[string][]byte{}
	err := fs.WalkDir(templates, "template", func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := templates.ReadFile(file)
		if err != nil {
			return err
		}
		filled, err := template.New(file).Delims("<<", ">>").Parse(string(text))
		if err != nil {
			return err
		}
		var out bytes.Buffer
		if err := filled.Execute(&out, r); err != nil {
			return err
		}
		// A template of the name rule stands for the rule's own: template/rule_test.rego is my_rule_test.rego.
		target := strings.TrimPrefix(file, "template/")
		if rest, ok := strings.CutPrefix(target, "rule"); ok {
			target = strings.ReplaceAll(r.Name, "-", "_") + rest
		}
		files[path.Join(rulesFolder, r.Name, target)] = out.Bytes()
		return nil
	})
	return files, err
}
