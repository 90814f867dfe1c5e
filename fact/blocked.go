package fact

import (
	"fmt"
	"strings"
	"time"
	"unicode"
)

// maxBlocked is how many bytes the annotation aviary.dev/blocked has at most.
const maxBlocked = 512

const since = " since "

// Blocked is what keeps Aviary from writing an app's siblings. It stands in the annotation aviary.dev/blocked of a
// sibling that can be written, so that every replica knows of it.
type Blocked struct {
	// Kind is that of the first sibling that can't be written.
	Kind string
	// Name is the sibling's; empty in the annotation for the name that the convention gives to one of that kind.
	Name string
	// Since is when a write failed first.
	Since time.Time
	// Reason says in words why the last one failed.
	Reason string
}

// String is the annotation: "RouteTable since 2026-11-28T15:04:05Z: policy no-tables refuses: …".
func (b Blocked) String() string {
	what := b.Kind
	if b.Name != "" {
		what += " " + b.Name
	}
	return cutTo(maxBlocked, printable(what+since+b.Since.UTC().Format(time.RFC3339)+": "+b.Reason))
}

// ParseBlocked reads what [Blocked.String] writes. Anybody who may write the sibling can have written the text, so
// nothing but printable characters is taken from it.
func ParseBlocked(text string) (b Blocked, ok bool) {
	text = cutTo(maxBlocked, printable(text))
	what, rest, _ := strings.Cut(text, since)
	at, reason, ok := strings.Cut(rest, ": ")
	if !ok || what == "" || strings.TrimSpace(reason) == "" {
		return Blocked{}, false
	}
	var err error
	if b.Since, err = time.Parse(time.RFC3339, at); err != nil {
		return Blocked{}, false
	}
	b.Kind, b.Name, _ = strings.Cut(what, " ")
	b.Reason = strings.TrimSpace(reason)
	return b, !strings.Contains(b.Name, " ")
}

// Age says in words how long it has been so: "20 s", "3 m".
func (b Blocked) Age(now time.Time) string {
	switch age := max(now.Sub(b.Since), 0); {
	case age < time.Minute:
		return fmt.Sprintf("%d s", int(age.Seconds()))
	case age < time.Hour:
		return fmt.Sprintf("%d m", int(age.Minutes()))
	case age < 48*time.Hour:
		return fmt.Sprintf("%d h", int(age.Hours()))
	default:
		return fmt.Sprintf("%d d", int(age.Hours()/24))
	}
}

// FirstByName returns the workload whose Events tell of what concerns the whole app; nil of none.
func FirstByName(workloads []*Workload) *Workload {
	var first *Workload
	for _, w := range workloads {
		if first == nil || w.Name < first.Name {
			first = w
		}
	}
	return first
}

// printable makes one line of a text, without what a terminal would obey.
func printable(text string) string {
	clean := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case !unicode.IsPrint(r):
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.Join(strings.Fields(clean), " ")
}

func cutTo(limit int, text string) string {
	if len(text) <= limit {
		return text
	}
	return strings.ToValidUTF8(text[:limit-len("…")], "") + "…"
}
