package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

// lists are the pages that may list the rules; the first one that does so has to name each.
var lists = []string{"docs/rules.md", "README.md"}

// section is where the list has rules of the new one's kind, if it has sections.
const section = "## Deployments"

// row is a rule's line in the list; it begins with a link to the rule's page.
var row = regexp.MustCompile(`^\| \[([a-z-]+)\]\(((?:\.\./)?)policy/rules/[a-z-]+/README\.md\) \|`)

// addToList returns the page that lists the rules, and its text with a line for the new one.
func addToList(root string, r rule) (page string, text []byte, err error) {
	for _, page := range lists {
		text, err := os.ReadFile(filepath.Join(root, page)) // #nosec G304 -- one of two names
		if errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return "", nil, err
		}
		if with, ok := insert(string(text), r); ok {
			return page, []byte(with), nil
		}
	}
	return "", nil, fmt.Errorf("no table of the rules, with links to their pages, in %s", strings.Join(lists, " or "))
}

// insert puts a line for the rule before the first one of the table whose name comes later.
func insert(page string, r rule) (string, bool) {
	lines := strings.Split(page, "\n")
	first := max(0, slices.Index(lines, section))
	for first < len(lines) && !row.MatchString(lines[first]) {
		first++
	}
	if first == len(lines) {
		return "", false
	}
	up := row.FindStringSubmatch(lines[first])[2]
	cells := []string{fmt.Sprintf("[%s](%spolicy/rules/%s/README.md)", r.Name, up, r.Name), r.Finds, r.Mode}
	cells = cells[:min(len(cells), strings.Count(lines[first], "|")-1)]
	at := first
	for ; at < len(lines); at++ {
		if other := row.FindStringSubmatch(lines[at]); other == nil || other[1] > r.Name {
			break
		}
	}
	return strings.Join(slices.Insert(lines, at, "| "+strings.Join(cells, " | ")+" |"), "\n"), true
}
