package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestInsert(t *testing.T) {
	t.Parallel()
	const (
		head  = "# Rules\n\n| rule | finds | default |\n|---|---|---|\n"
		apple = "| [apple](../policy/rules/apple/README.md) | a | deny |\n"
		mango = "| [mango](../policy/rules/mango/README.md) | m | off |\n"
		peach = "| [peach](../policy/rules/peach/README.md) | p | off |\n"
		melon = "| [melon](../policy/rules/melon/README.md) | an app with more versions than `maxVersions` | warn |\n"
		other = head + peach + "\n" + section + "\n\n"
		wide  = "| rule | finds |\n|---|---|\n| [peach](policy/rules/peach/README.md) | p |\n"
	)
	for name, c := range map[string]struct{ page, want string }{
		"between":            {head + apple + mango + peach, head + apple + mango + melon + peach},
		"first":              {head + peach, head + melon + peach},
		"last":               {head + apple + "\nThe end.\n", head + apple + melon + "\nThe end.\n"},
		"at the file's end":  {strings.TrimSpace(head + apple), head + apple + strings.TrimSpace(melon)},
		"in its own section": {other + head + peach, other + head + melon + peach},
		"in two columns": {wide, strings.Replace(wide, "| [peach]",
			"| [melon](policy/rules/melon/README.md) | an app with more versions than `maxVersions` |\n| [peach]", 1)},
		"no table":       {"# Rules\n\nSee [apple](../policy/rules/apple/README.md).\n", ""},
		"an empty table": {head, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := insert(c.page, about("melon"))
			if diff := cmp.Diff(c.want, got); diff != "" || ok != (c.want != "") {
				t.Errorf("insert() is %t (-want +got):\n%s", ok, diff)
			}
		})
	}
}

// repository is one with a rule, apple, and a list of rules.
func repository(t *testing.T) string {
	t.Helper()
	root := t.TempDir()
	if err := os.MkdirAll(filepath.Join(root, rulesFolder, "apple"), 0o750); err != nil {
		t.Fatal(err)
	}
	page := "| rule | finds |\n|---|---|\n| [apple](policy/rules/apple/README.md) | a |\n"
	if err := os.WriteFile(filepath.Join(root, "README.md"), []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestScaffold(t *testing.T) {
	t.Parallel()
	root := repository(t)
	got, err := scaffold(root, "two-words")
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"README.md",
		"policy/rules/two-words/README.md",
		"policy/rules/two-words/testdata/just-enough.txtar",
		"policy/rules/two-words/testdata/one-too-many.txtar",
		"policy/rules/two-words/two_words.rego",
		"policy/rules/two-words/two_words_test.rego",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("files (-want +got):\n%s", diff)
	}
	for _, file := range got {
		text, err := os.ReadFile(filepath.Join(root, file))
		if err != nil || strings.Contains(string(text), "<<") {
			t.Errorf("%s is not filled in (%v):\n%s", file, err, text)
		}
	}
}

func TestScaffoldRefuses(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ rule, want string }{
		"no name":        {"", `"" must be lower-case words with hyphens between, for example weights-sum`},
		"upper case":     {"My-rule", "must be lower-case words"},
		"underscores":    {"my_rule", "must be lower-case words"},
		"a digit":        {"rule-2", "must be lower-case words"},
		"a last hyphen":  {"rule-", "must be lower-case words"},
		"another folder": {"../rule", "must be lower-case words"},
		"a rule's name":  {"apple", "policy/rules/apple is there already: choose another name, or remove it"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := repository(t)
			before, _ := os.ReadFile(filepath.Join(root, "README.md"))
			files, err := scaffold(root, c.rule)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got %v, %v, want %q", files, err, c.want)
			}
			if after, _ := os.ReadFile(filepath.Join(root, "README.md")); string(after) != string(before) {
				t.Errorf("the list has changed:\n%s", after)
			}
		})
	}
	t.Run("no list", func(t *testing.T) {
		t.Parallel()
		if _, err := scaffold(t.TempDir(), "melon"); err == nil || !strings.Contains(err.Error(), "no table of the rules") {
			t.Errorf("got %v", err)
		}
	})
}
