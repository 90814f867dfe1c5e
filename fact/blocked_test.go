package fact_test

import (
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/fact"
)

// maxBlocked is how many bytes the annotation has at most.
const maxBlocked = 512

var noon = time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)

func TestBlocked(t *testing.T) {
	t.Parallel()
	table := fact.Blocked{Kind: "RouteTable", Since: noon, Reason: "policy no-tables refuses: no since 2020: none"}
	shadow := fact.Blocked{Kind: "Upstream", Name: "echo-shadow-v2", Since: noon, Reason: "webhook x fails: EOF"}
	elsewhere := fact.Blocked{Kind: "K", Since: noon.In(time.FixedZone("", 3600)), Reason: "r"}
	const since = " since 2026-11-28T12:00:00Z: "
	for name, c := range map[string]struct {
		reason string
		b      fact.Blocked
		text   string
	}{
		"Table": {"the usual form", table, "RouteTable" + since + "policy no-tables refuses: no since 2020: none"},
		"Shadow": {
			"a name that is not the convention's", shadow,
			"Upstream echo-shadow-v2" + since + "webhook x fails: EOF",
		},
		"Elsewhen": {"in UTC", elsewhere, "K" + since + "r"},
	} {
		if got := c.b.String(); got != c.text {
			t.Errorf("%s: %s: got %q, want %q", name, c.reason, got, c.text)
		}
		got, ok := fact.ParseBlocked(c.text)
		if c.b.Since = c.b.Since.UTC(); !ok || cmp.Diff(c.b, got) != "" {
			t.Errorf("%s: %s: read %v\n%s", name, c.reason, ok, cmp.Diff(c.b, got))
		}
	}
}

func TestParseBlocked(t *testing.T) {
	t.Parallel()
	const head = "RouteTable since 2026-11-28T12:00:00Z: "
	for name, c := range map[string]struct {
		text, reason string // reason is what is read; empty if nothing is
	}{
		"Empty":      {"", ""},
		"NoReason":   {head, ""},
		"OnlySpaces": {head + " \t ", ""},
		"NoTime":     {"RouteTable since yesterday: no", ""},
		"NoKind":     {" since 2026-11-28T12:00:00Z: no", ""},
		"Sentence":   {"pay at example.com at once since 2026-11-28T12:00:00Z: no", ""},
		"Lines":      {head + "one\r\n two\u2028three", "one two three"},
		"Control":    {head + "\x1b[31mred\x07 \u202eback\u200b", "[31mred back"},
		"NotUTF8":    {head + "a\xff\xfeb", "ab"},
		"Long":       {head + strings.Repeat("ä", 1000), strings.Repeat("ä", (maxBlocked-len(head)-len("…"))/2) + "…"},
	} {
		got, ok := fact.ParseBlocked(c.text)
		if ok != (c.reason != "") || ok && got.Reason != c.reason {
			t.Errorf("%s: got %v, %q; want %q", name, ok, got.Reason, c.reason)
		}
	}
}

func TestBlockedAge(t *testing.T) {
	t.Parallel()
	for want, age := range map[string]time.Duration{
		"0 s": -time.Hour, "59 s": 59999 * time.Millisecond, "1 m": time.Minute, "59 m": 59 * time.Minute,
		"1 h": time.Hour, "47 h": 47 * time.Hour, "2 d": 48 * time.Hour,
	} {
		if got := (fact.Blocked{Since: noon}).Age(noon.Add(age)); got != want {
			t.Errorf("%s: got %q, want %q", age, got, want)
		}
	}
}

// The annotation is kept of objects that Aviary keeps, and no more of it than Aviary writes.
func TestBlockedIsKept(t *testing.T) {
	t.Parallel()
	const marked = "app.kubernetes.io/managed-by: aviary, aviary.dev/app: echo"
	note := func(labels, text string) string {
		return "metadata: {name: echo, namespace: a, labels: {" + labels + "}, " +
			"annotations: {aviary.dev/blocked: " + text + "}}"
	}
	long := strings.Repeat("x", 3*maxBlocked)
	for name, c := range map[string]struct{ group, kind, text, want string }{
		"Service":  {"", "Service", note(marked, "a"), "a"},
		"Upstream": {"gloo.solo.io", "Upstream", note(marked, "a"), "a"},
		"Foreign":  {"", "Service", note("aviary.dev/app: fox", "a"), ""},
		"None":     {"", "Service", "metadata: {name: echo, labels: {" + marked + "}}", ""},
		"Long":     {"", "Service", note(marked, long), long[:maxBlocked]},
	} {
		if got := fact.StateOf(decode(t, c.group, c.kind, c.text)).Blocked; got != c.want {
			t.Errorf("%s: got %.40q of %d bytes, want %.40q", name, got, len(got), c.want)
		}
	}
}

// Whatever stands there, what is shown of it is one short line, and what is read is written alike.
func FuzzParseBlocked(f *testing.F) {
	f.Add("RouteTable since 2026-11-28T12:00:00Z: policy no-tables refuses: no")
	f.Add("Upstream a since 2026-11-28T12:00:00Z: \x1b[31m\u202e\xff")
	f.Fuzz(func(t *testing.T, text string) {
		b, ok := fact.ParseBlocked(text)
		if !ok {
			return
		}
		shown := b.String()
		if len(shown) > maxBlocked || !utf8.ValidString(shown) {
			t.Errorf("%d bytes: %q", len(shown), shown)
		}
		for _, r := range shown {
			if !unicode.IsPrint(r) {
				t.Errorf("%q has %U", shown, r)
			}
		}
		if again, ok := fact.ParseBlocked(shown); !ok || again.String() != shown {
			t.Errorf("%q is read as %q", shown, again.String())
		}
	})
}
