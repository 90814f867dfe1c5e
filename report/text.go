package report

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"aviary.dev/audit"
	"aviary.dev/policy"
)

// table writes a line for each finding.
func table(out io.Writer, r audit.Result, o Options) error { return text(out, r, o, false) }

func wide(out io.Writer, r audit.Result, o Options) error { return text(out, r, o, true) }

func text(out io.Writer, r audit.Result, o Options, wide bool) error {
	files := false
	for _, f := range r.Findings {
		files = files || f.File != ""
	}
	var lines strings.Builder
	w := tabwriter.NewWriter(&lines, 0, 0, 3, ' ', 0)
	header := []string{"MODE", "RULE", "OBJECT", "FINDING"}
	if files {
		header = append([]string{"PLACE"}, header...)
	}
	if wide {
		header = append(header[:len(header)-1], "FIELD", "FINDING", "FIX")
	}
	row(w, header)
	for _, f := range r.Findings {
		cells := []string{f.Mode.String(), f.Rule, f.Object(), finding(f)}
		if files {
			cells = append([]string{place(f)}, cells...)
		}
		if wide {
			cells = append(cells[:len(cells)-1], f.Field, f.Message, f.Fix)
		}
		row(w, cells)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	body := lines.String()
	if len(r.Findings) == 0 {
		body = ""
	} else if o.Color {
		body = colored(body, r)
	}
	_, err := io.WriteString(out, body+sentence(r)+"\n")
	return err
}

// finding is the text of a finding, with the field that it is about.
func finding(f audit.Finding) string {
	return strings.TrimPrefix(f.Field+": ", ": ") + f.Message + "; " + f.Fix
}

func row(w io.Writer, cells []string) {
	for i, c := range cells {
		cells[i] = strings.Join(strings.Fields(c), " ") // no tabs and line ends of a manifest's
	}
	_, _ = fmt.Fprintln(w, strings.Join(cells, "\t"))
}

// colored paints the modes. It works on finished lines, because the writer of columns would count the codes.
func colored(body string, r audit.Result) string {
	lines := strings.SplitAfter(body, "\n")
	lines[0] = "\x1b[1m" + strings.TrimSuffix(lines[0], "\n") + "\x1b[0m\n"
	for i, f := range r.Findings {
		code := map[policy.Mode]string{policy.ModeDeny: "31", policy.ModeWarn: "33"}[f.Mode]
		if code == "" {
			code = "2"
		}
		at := 0
		if p := place(f); p != "" {
			at = len(p)
		}
		word := f.Mode.String()
		head, rest, _ := strings.Cut(lines[i+1][at:], word)
		lines[i+1] = lines[i+1][:at] + head + "\x1b[" + code + "m" + word + "\x1b[0m" + rest
	}
	return strings.Join(lines, "")
}

// sentence sums up: "2 to deny, 1 to warn about in 7 objects".
func sentence(r audit.Result) string {
	s := r.Summary
	var parts []string
	for _, p := range []struct {
		n    int
		what string
	}{{s.Deny, "to deny"}, {s.Warn, "to warn about"}, {s.Audit, "for the audit only"}} {
		if p.n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", p.n, p.what))
		}
	}
	found := strings.Join(parts, ", ")
	if found == "" {
		found = "Nothing found"
	}
	out := fmt.Sprintf("%s in %d object%s", found, s.Objects, plural(s.Objects))
	if s.Facts > 0 {
		out += fmt.Sprintf(", beside %d of the cluster", s.Facts)
	}
	if s.Skipped > 0 {
		out += fmt.Sprintf("; %d of other kinds skipped", s.Skipped)
	}
	if s.Foreign > 0 {
		out += fmt.Sprintf("; %d document%s without kind skipped", s.Foreign, plural(s.Foreign))
	}
	return out + "."
}

func plural(n int) string {
	if n == 1 {
		return ""
	}
	return "s"
}
