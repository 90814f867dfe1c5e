package preview

import (
	"strconv"
	"strings"
)

// Finding is what is wrong, or surprising, about a manifest.
type Finding struct {
	// Warning: it does not keep anything from being written.
	Warning bool
	// Text says where, about which object, what, and how to mend it.
	Text string
}

// find adds a finding about the object. Its line is that of the first mention of key, if there is one.
func (in *input) find(warning bool, key, text string) {
	in.findings = append(in.findings, Finding{warning, in.place(key) + ": " + in.describe() + ": " + text})
}

// place is where the object stands, or a key that it mentions. Only a document that holds this object
// alone is searched for it.
func (in *input) place(key string) string {
	line := in.document.Line
	if key != "" && in.document.Item == "" {
		if before, _, found := strings.Cut(string(in.document.Text), key); found {
			line += strings.Count(before, "\n")
		}
	}
	return in.document.File + ":" + strconv.Itoa(line)
}

func (in *input) describe() string {
	if in.metadata.name == "" {
		return in.header.Kind
	}
	return in.header.Kind + " " + in.metadata.name
}
