package route

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

// TestTextOf: an expression as it is written anew fits what it did.
func TestTextOf(t *testing.T) {
	t.Parallel()
	texts := []string{
		"", "/", "/a", "/A", "/ab", "/aab", "/b", "/é", "/É", "/a/b", "/a-b", "/.", "/a\n", "/aaaa", "/x]", "/^", `/\`,
		"/k", "/\u212a",
	}
	for _, text := range []string{
		"/a", "/[^/]+", "/[^/]{1,20}", "/(a|b)", "/(a|b)*", "/(?:ab|c)?d", "(?i)/a", "(?i)/é", "(?i)/k", "/[a-zé]",
		`/\w+`, `/\W`,
		"/.*", "(?s)/.*", "/a{2}", "/a{2,}", "/a{1,3}", "/a+?", "/a??b", "/[]x^]+", `/\.`, `/[\]\\-]+`,
		`^/a$`, `/a\b.*`, `/a\B.*`,
		"(?m)^/a$", "/(a(b)?)+", `/[[:upper:]]`, `/\pL+`, `/[^\x00-\x{10FFFF}]`, "/(|a)", "(?i)/[^a]+", "/[^a-b]", `/[^\n]`,
	} {
		t.Run(text, func(t *testing.T) {
			t.Parallel()
			was, anew := whole(text), whole(textOf(simple(text)))
			for _, path := range texts {
				if was.MatchString(path) != anew.MatchString(path) {
					t.Errorf("%s, written anew, is %s: they differ for %q", text, anew, path)
				}
			}
		})
	}
}

func whole(text string) *regexp.Regexp { return regexp.MustCompile("^(?:" + text + ")$") }

// TestCostlyRegex: of an expression that takes long to read nothing is known.
func TestCostlyRegex(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		text  string
		known bool
	}{
		"NegatedClasses": {"/" + strings.Repeat("[^/]", 250), true},
		"FoldedRange":    {`/(?i)[b-\x{1e900}]`, true},
		"FoldedRanges":   {`/` + strings.Repeat(`(?i)[b-\x{1e900}]`, 20), false},
		"Letters":        {"/" + strings.Repeat(`\pL`, 20), true},
		"ManyLetters":    {"/" + strings.Repeat(`\pL`, 40), false},
		"Unbalanced":     {"/a)|(/b", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := Path{Regex, c.text}
			if known := p.literal() != ""; known != c.known {
				t.Errorf("what it begins with is known: %t", known)
			}
			if parts := p.parts(); len(parts) != 1 {
				t.Errorf("%d parts", len(parts))
			}
		})
	}
}

// BenchmarkRegex reads an expression of a hundred classes that hold nearly all characters, and takes it apart.
func BenchmarkRegex(b *testing.B) {
	i := 0
	for b.Loop() {
		i++
		compile(fmt.Sprintf("/%d/", i) + strings.Repeat("[^/]", 100)).parts()
	}
}
