// Package report writes what an audit found, for people and for machines. Every format is deterministic.
//
//	audit.Result ──Write──▶ text in one of the formats
package report

import (
	"fmt"
	"io"
	"strings"

	"aviary.dev/audit"
	"aviary.dev/policy"
)

// Options say how to write.
type Options struct {
	// Rules describe the rules for formats that list them.
	Rules []policy.Rule
	// Color is for terminals only.
	Color bool
	// Version is that of the program.
	Version string
}

var formats = []struct {
	name  string
	about string
	write func(io.Writer, audit.Result, Options) error
}{
	{"table", "a line for each finding", table},
	{"wide", "the same with columns for the field and the fix", wide},
	{"json", "findings and summary", asJSON},
	{"yaml", "findings and summary", asYAML},
	{"sarif", "SARIF 2.1.0, for code scanning", sarif},
	{"junit", "JUnit XML, a test case for each finding", junit},
	{"github", "workflow commands that annotate files", github},
}

// formatNames are the names of the formats.
func formatNames() []string {
	out := make([]string, len(formats))
	for i, f := range formats {
		out[i] = f.name
	}
	return out
}

// Describe returns each format's name and, behind a tab, what it is, as shells show it.
func Describe() []string {
	out := make([]string, len(formats))
	for i, f := range formats {
		out[i] = f.name + "\t" + f.about
	}
	return out
}

// Check tells of a format that there isn't.
func Check(format string) error {
	for _, f := range formats {
		if f.name == format {
			return nil
		}
	}
	return fmt.Errorf("%q must be one of %s", format, strings.Join(formatNames(), ", "))
}

// Write writes the result in a format.
func Write(out io.Writer, format string, r audit.Result, o Options) error {
	for _, f := range formats {
		if f.name == format {
			return f.write(out, r, o)
		}
	}
	return Check(format)
}

// place is where a finding is, for people: file and line, or nothing for an object of the cluster.
func place(f audit.Finding) string {
	if f.File == "" {
		return ""
	}
	return fmt.Sprintf("%s:%d", f.File, f.Line)
}
