package route

import (
	"fmt"
	"regexp"
	"slices"
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

// TestTextOfClasses: what lacks but a little is written as that.
func TestTextOfClasses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"[^/]": `[^\x{2F}]`, `[^/\n]`: `[^\x{A}\x{2F}]`, `[\x00-\x{10FFFF}]b`: `[\x{0}-\x{10FFFF}]b`,
		`[\x00-ac]`: `[\x{0}-ac]`, `[ac-\x{10FFFF}]`: `[ac-\x{10FFFF}]`, "[a-zé]": "[a-zé]",
		"(?:[ab]+?){2}": "(?:[a-b])+(?:[a-b])+",
	} {
		if got := textOf(simple(text)); got != want {
			t.Errorf("%s is written %s, want %s", text, got, want)
		}
	}
}

// TestASCII: of characters beyond, one is enough, wherever it stands.
func TestASCII(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"": true, "/a\x7f": true, "/a\u0080": false, "é/a": false} {
		if got := ascii(text); got != want {
			t.Errorf("ascii(%q) = %t", text, got)
		}
	}
}

// TestParts: paths that are texts and prefixes, as far as the expression is made of such.
func TestParts(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]Path{
		"^/a$": {{Exact, "/a"}}, "/a$/b": {{Regex, `/a\z/b`}}, "/(a|bc/.*)": {{Exact, "/a"}, {Prefix, "/bc/"}},
		"[a-z]+/b": {{Regex, "(?:[a-z])+/b"}},
	} {
		if got := (Path{Regex, text}).parts(); !slices.Equal(got, want) {
			t.Errorf("parts of %s = %q, want %q", text, got, want)
		}
	}
}

// TestLiteral: all that a path fits begins with its text, whatever signs are in it.
func TestLiteral(t *testing.T) {
	t.Parallel()
	for p, want := range map[Path]string{
		{Exact, "/a+b"}: "/a+b", {Prefix, "/a."}: "/a.", {Regex, "/a+b"}: "/a", {Regex, "/("}: "",
	} {
		if got := p.literal(); got != want {
			t.Errorf("literal() of %s = %q, want %q", p, got, want)
		}
	}
	for with, want := range map[string]bool{"": true, "/ec": true, "/echo": true, "/echo/": false, "/f": false} {
		if got := begins("/echo", with, false); got != want {
			t.Errorf("/echo begins with %q: %t", with, got)
		}
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
