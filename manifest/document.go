package manifest

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	yamlv3 "go.yaml.in/yaml/v3"
	"sigs.k8s.io/yaml"
)

// Document is one YAML document or JSON value: an object, or an item of a List.
type Document struct {
	// File is the path, or "stdin".
	File string
	// Line is that of the first content, counted from 1.
	Line int
	Text []byte
	// Number counts the file's documents from 1; two of JSON may have the same line.
	Number int
	// IsJSON tells JSON from YAML.
	IsJSON bool
	// Item says where in a List the object stands, "items[3]"; empty for a document of its own.
	Item string
	// Within is the kind of what the object is an item of, where that is no List, and was handed on, too.
	Within string

	// margin is what the left margin tells, if that is certain.
	margin  margin
	certain bool
	// json is the text as JSON, if that was needed already.
	json []byte
	// broken is why a List can't be taken apart.
	broken error
	// of is the type that the object has if it says none.
	of itemType
	// node is the object as it stands in the file, if the text is not from there.
	node *yamlv3.Node
}

// Error is something that can't be read, and where.
type Error struct {
	File string
	// Line is 0 where it is not about one.
	Line    int
	Message string
}

func (e *Error) Error() string {
	if e.Line == 0 {
		return e.File + ": " + e.Message
	}
	return e.File + ":" + strconv.Itoa(e.Line) + ": " + e.Message
}

// ErrEmpty is the error of a file without any document.
var ErrEmpty = errors.New("holds no object")

// Is tells an empty file from one with an error in it.
func (e *Error) Is(target error) bool { return target == ErrEmpty && e.Message == ErrEmpty.Error() }

// Fail makes an error about the document.
func (d Document) Fail(format string, args ...any) error {
	return &Error{File: d.File, Line: d.Line, Message: fmt.Sprintf(format, args...)}
}

// JSON returns the object as JSON. A key that stands twice is for the decoder to refuse;
// [Document.StrictJSON] says more about it.
func (d Document) JSON() ([]byte, error) {
	if d.json != nil && d.broken == nil {
		return d.json, nil
	}
	return d.convert(func() ([]byte, error) {
		if out, ok := fastYAML(d.Text); ok {
			return out, nil
		}
		return yaml.YAMLToJSON(d.Text)
	})
}

// StrictJSON returns the object as JSON. In YAML, a key that stands twice is an error with a line.
func (d Document) StrictJSON() ([]byte, error) {
	return d.convert(func() ([]byte, error) { return yaml.YAMLToJSONStrict(d.Text) })
}

func (d Document) convert(read func() ([]byte, error)) ([]byte, error) {
	out, err := d.Text, d.broken
	if err == nil && !d.IsJSON {
		if out, err = read(); err != nil {
			err = d.syntax(err)
		}
	}
	if err != nil {
		return nil, err
	}
	if d.of.Kind != "" {
		out = d.of.fill(out)
	}
	return out, nil
}

// yamlLine is what the library begins its errors with.
var yamlLine = regexp.MustCompile(
	`^(?:error converting YAML to JSON: )?yaml: (?:unmarshal errors:\s*)?(?:line (\d+): )?`)

// syntax words an error of the library, with the file's line in place of the document's.
func (d Document) syntax(err error) error {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		if n, err := strconv.Atoi(m[1]); err == nil {
			d.Line += n - 1
		}
	}
	if strings.Contains(string(d.Text), "{{") {
		// This is how the library shows a template's braces.
		before, _, _ := strings.Cut(text, ": map[interface {}]")
		text = before + "; if this is a template, render it first and use -f -"
	}
	return d.Fail("no valid YAML: %s", text)
}
