package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
	"unicode/utf8"
)

const (
	width    = 100
	barWidth = 40
	indent   = "  "
)

// screen prints the demo's output. No line is longer than width columns.
type screen struct {
	to                io.Writer
	terminal, colours bool
	mu                sync.Mutex
	progress          string // What the line above is about, if it is of progress.
}

// newScreen returns a screen with colours only on a terminal, and only without NO_COLOR.
func newScreen(to *os.File) *screen {
	info, err := to.Stat()
	terminal := err == nil && info.Mode()&os.ModeCharDevice != 0
	terminal = terminal && os.Getenv("TERM") != "dumb"
	return &screen{to: to, terminal: terminal, colours: terminal && os.Getenv("NO_COLOR") == ""}
}

// paint colours text with an escape code, if the screen has colours.
func (s *screen) paint(code, text string) string {
	if !s.colours || text == "" {
		return text
	}
	return "\x1b[" + code + "m" + text + "\x1b[0m"
}

func (s *screen) bold(text string) string  { return s.paint("1", text) }
func (s *screen) faint(text string) string { return s.paint("2", text) }
func (s *screen) red(text string) string   { return s.paint("31", text) }
func (s *screen) green(text string) string { return s.paint("32", text) }

// version gives each version its own colour.
func (s *screen) version(name, text string) string {
	return s.paint(map[string]string{"v1": "34", "v2": "32", "v3": "35"}[name], text)
}

func (s *screen) line(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.progress = ""
	fmt.Fprintf(s.to, format+"\n", args...)
}

// Write prints messages about what takes long. On a terminal a message replaces the line above if
// that is about the same.
func (s *screen) Write(text []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for line := range strings.Lines(string(bytes.TrimSpace(text))) {
		line = strings.TrimSpace(line)
		about, _, _ := strings.Cut(line, " … ")
		if s.terminal && about == s.progress {
			fmt.Fprint(s.to, "\x1b[1A\x1b[2K")
		}
		s.progress = about
		fmt.Fprintln(s.to, s.faint(indent+"… "+line))
	}
	return len(text), nil
}

func (s *screen) title(text string) { s.line("%s\n", s.bold(text)) }

func (s *screen) done(name, what string, took time.Duration) {
	s.line("%s%s %s%s %s", indent, s.green("✓"), pad(name, 15), pad(what, 70), s.faint(seconds(took)))
}

func (s *screen) heading(count, title, note string) {
	text := count + ": " + title + " "
	s.line("\n%s%s", s.bold(text), s.faint(strings.Repeat("─", max(0, width-utf8.RuneCountInString(text)))))
	s.line("%s\n", note)
}

// edited prints the lines of a file that are new or gone.
func (s *screen) edited(name string, lines []string) {
	s.line("%s%s", indent, s.faint(name))
	for _, l := range lines {
		colour := s.green
		if strings.HasPrefix(l, "-") {
			colour = s.red
		}
		s.line("%s", indent+indent+colour(l))
	}
}

func (s *screen) command(text string) { s.line("%s%s %s", indent, s.faint("$"), s.bold(text)) }

func (s *screen) answer(text string) { s.wrapped(text, s.faint) }

func (s *screen) refusal(text string) { s.wrapped(text, s.red) }

func (s *screen) wait(pods string, took time.Duration) {
	s.line("%s", indent+indent+s.faint(fmt.Sprintf("ready: %s; all in place after %s", pods, seconds(took))))
}

func (s *screen) refused() {
	s.line("%s%s refused, and nothing has changed", indent, s.green("✓"))
}

// changes prints the siblings that are new or whose spec has changed.
func (s *screen) changes(before, now siblings) {
	s.line("")
	none := true
	for _, o := range now.list {
		i := slices.IndexFunc(before.list, func(b sibling) bool { return b.kind == o.kind })
		sign := "+"
		if i >= 0 {
			if before.list[i].spec == o.spec {
				continue
			}
			sign = "~"
		}
		none = false
		s.line("%s%s", indent+s.green(sign)+" ", pad(o.kind+" "+o.name, 24)+s.faint(o.about))
	}
	if none {
		s.line("%s", indent+s.faint("Service, Upstream and RouteTable stay as they are"))
	}
}

// traffic draws a bar for each share: first of the main routes, then of those by header.
func (s *screen) traffic(t traffic) {
	s.line("")
	for _, byHeader := range []bool{false, true} {
		for _, route := range t {
			if (route.header != "") != byHeader {
				continue
			}
			name := route.match()
			for _, to := range route.shares {
				full := to.percent * barWidth / 100
				bar := s.version(to.version, strings.Repeat("█", full)) + s.faint(strings.Repeat("░", barWidth-full))
				s.line("%s%s%s %s %3d %%", indent, pad(name, 24), s.version(to.version, to.version), bar, to.percent)
				name = ""
			}
		}
	}
}

func (s *screen) failed(err error, log string) {
	s.line("\n%s", s.red("✗ "+err.Error()))
	s.line("%s", s.faint("\nThe end of Aviary's log:\n"+log))
}
