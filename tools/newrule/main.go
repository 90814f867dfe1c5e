// Command newrule writes a new rule: a folder of policy/rules with the rule, its Rego tests, its
// page and two stories, and a line in the list of rules. The rule works and passes its tests before
// anybody has changed it. It finds apps with too many versions, which no other rule's story and no
// manifest of the corpus has.
//
//	make new-rule NAME=my-rule
//
// CONTRIBUTING.md says what to do then, and a test of this package does it.
package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
)

func main() {
	if err := run(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "newrule:", err)
		os.Exit(1)
	}
}

func run(args []string) error {
	if len(args) != 1 || args[0] == "" {
		return errors.New("say one name, for example: make new-rule NAME=weights-sum")
	}
	root, err := findRoot()
	if err != nil {
		return err
	}
	files, err := scaffold(root, args[0])
	if err != nil {
		return err
	}
	fmt.Println("written, to be changed:")
	for _, file := range files {
		fmt.Println("  " + file)
	}
	return nil
}

// rulesFolder holds a folder for each rule.
const rulesFolder = "policy/rules"

var moduleLine = regexp.MustCompile(`(?m)^module aviary\.dev$`)

// findRoot returns the folder of the module, from within.
func findRoot() (string, error) {
	dir, err := os.Getwd()
	for ; err == nil; dir = filepath.Dir(dir) {
		module, missing := os.ReadFile(filepath.Join(dir, "go.mod")) // #nosec G304 -- the caller's own folders
		if missing == nil && moduleLine.Match(module) {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("run it inside the repository")
		}
	}
	return "", err
}
