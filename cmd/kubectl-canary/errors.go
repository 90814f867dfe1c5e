package main

import (
	"strings"

	"aviary.dev/joined"
)

// refused are findings about manifests that could be read, a line each.
type refused []string

func (r refused) Error() string { return errorLines(r) }

// inputError is input that could not be read, a line each.
type inputError []string

func (e inputError) Error() string { return errorLines(e) }

func errorLines(lines []string) string {
	out := make([]string, len(lines))
	for i, line := range lines {
		out[i] = "error: " + line
	}
	return strings.Join(out, "\n")
}

// unreadable has a line for each of the errors that are joined.
func unreadable(err error) inputError {
	var lines inputError
	for _, e := range joined.Errors(err) {
		lines = append(lines, e.Error())
	}
	return lines
}

// found is what a command returns that has told of findings already.
type found struct{}

func (found) Error() string { return "there are findings" }
