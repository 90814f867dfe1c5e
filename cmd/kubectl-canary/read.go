package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"sigs.k8s.io/yaml"
)

// manifest is one object, and where it was read.
type manifest struct {
	*unstructured.Unstructured
	// source is the document that was read, if it held this object alone; text is the same if it is YAML and may be
	// written as it is.
	source, text string
	file         string
	line         int
}

// at tells where the object stands, or the line of the first mention of a key if there is one.
func (m manifest) at(key string) string {
	line := m.line
	if key != "" {
		if before, _, found := strings.Cut(m.source, key); found {
			line += strings.Count(before, "\n")
		}
	}
	return m.file + ":" + strconv.Itoa(line)
}

// readAll reads all files, in order. The error tells of all that could not be read.
func readAll(names []string, recursive bool, stdin io.Reader) ([]manifest, error) {
	var out []manifest
	var bad inputError
	for _, name := range names {
		files, err := filesOf(name, recursive)
		if err != nil {
			bad.lines = append(bad.lines, err.Error())
		}
		for _, file := range files {
			r := reader{file: file}
			r.read(stdin)
			out, bad.lines = append(out, r.out...), append(bad.lines, r.errs...)
		}
	}
	if len(bad.lines) > 0 {
		return nil, bad
	}
	return out, nil
}

// filesOf gives the files that a flag -f means.
func filesOf(name string, recursive bool) ([]string, error) {
	if name == "-" {
		return []string{name}, nil
	}
	if strings.HasPrefix(name, "https://") || strings.HasPrefix(name, "http://") {
		return nil, fmt.Errorf("%s: URLs are not read; download it and use -f -", name)
	}
	info, err := os.Stat(name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("%s: no such file or folder", name)
	case err != nil:
		return nil, fmt.Errorf("%s: %w", name, reason(err))
	case !info.IsDir():
		return []string{name}, nil
	}
	var out []string
	err = filepath.WalkDir(name, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return fmt.Errorf("%s: %w", path, reason(err))
		case d.IsDir() && path != name && !recursive:
			return filepath.SkipDir
		case !d.IsDir() && slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(path)):
			out = append(out, path)
		}
		return nil
	})
	if err == nil && len(out) == 0 {
		hint := "; -R also reads the folders in it"
		if recursive {
			hint = ""
		}
		err = fmt.Errorf("%s: no .yaml, .yml or .json file in the folder%s", name, hint)
	}
	return out, err
}

// reason leaves out the path, which the message has already.
func reason(err error) error {
	if p, ok := errors.AsType[*fs.PathError](err); ok {
		return p.Err
	}
	return err
}

// reader reads the objects of one file.
type reader struct {
	file string
	out  []manifest
	errs []string
}

func (r *reader) fail(line int, format string, args ...any) {
	r.errs = append(r.errs, fmt.Sprintf("%s:%d: ", r.file, line)+fmt.Sprintf(format, args...))
}

func (r *reader) read(stdin io.Reader) {
	var text []byte
	var err error
	if r.file == "-" {
		r.file = "stdin"
		text, err = io.ReadAll(stdin)
	} else {
		text, err = os.ReadFile(r.file)
	}
	if err != nil {
		r.errs = append(r.errs, fmt.Sprintf("%s: %v", r.file, reason(err)))
		return
	}
	text = bytes.TrimPrefix(text, []byte("\ufeff"))
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("{")) && r.json(text) {
		return
	}
	found := false
	for _, d := range split(text) {
		found = r.document(d) || found
	}
	if !found && len(r.errs) == 0 {
		r.errs = append(r.errs, r.file+": holds no object")
	}
}

// json reads one JSON object after the other; false if it is something else, which YAML's reader may explain.
func (r *reader) json(text []byte) bool {
	var parts []document
	for d := json.NewDecoder(bytes.NewReader(text)); ; {
		var raw json.RawMessage
		start := int(d.InputOffset())
		err := d.Decode(&raw)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil && filepath.Ext(r.file) == ".json" {
			at := len(text)
			if bad := (*json.SyntaxError)(nil); errors.As(err, &bad) {
				at = min(at, int(bad.Offset))
			}
			r.fail(1+bytes.Count(text[:at], []byte("\n")), "no valid JSON: %v", err)
			return true
		}
		if err != nil {
			return false
		}
		start += bytes.IndexByte(text[start:], raw[0])
		parts = append(parts, document{text: string(raw), line: 1 + bytes.Count(text[:start], []byte("\n")), json: true})
	}
	for _, p := range parts {
		r.document(p)
	}
	return true
}

// document is one YAML document, or one JSON value.
type document struct {
	text string
	line int
	json bool
}

// split cuts a YAML stream at its document markers.
func split(text []byte) []document {
	var out []document
	var doc strings.Builder
	at, line := 1, 0
	for s := bufio.NewReader(bytes.NewReader(text)); ; {
		part, err := s.ReadString('\n')
		line++
		rest, marker := strings.CutPrefix(part, "---")
		marker = marker && (strings.TrimSpace(rest) == "" || rest[0] == ' ' || rest[0] == '\t')
		end := strings.TrimRight(part, " \r\n") == "..."
		if marker || end {
			out = append(out, document{text: doc.String(), line: at})
			doc.Reset()
			part, at = rest, line
			if end || strings.TrimSpace(rest) == "" || strings.HasPrefix(strings.TrimSpace(rest), "#") {
				part, at = "", line+1
			}
		}
		doc.WriteString(part)
		if err != nil {
			return append(out, document{text: doc.String(), line: at})
		}
	}
}

// blank reports whether the text holds only comments, directives and space.
func blank(text string) bool {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line[0] != '#' && line[0] != '%' {
			return false
		}
	}
	return true
}

// document reads one object, or the objects of a List, and reports whether there was anything.
func (r *reader) document(d document) bool {
	if blank(d.text) {
		return false
	}
	// The object's line is that of its first content.
	for strings.TrimSpace(d.text) != "" {
		first, rest, _ := strings.Cut(d.text, "\n")
		if strings.TrimSpace(first) != "" {
			break
		}
		d.text, d.line = rest, d.line+1
	}
	data := []byte(d.text)
	if !d.json {
		var err error
		if data, err = yaml.YAMLToJSONStrict(data); err != nil {
			r.syntax(d.line, err)
			return true
		}
	}
	object := map[string]any{}
	if err := utiljson.Unmarshal(data, &object); err != nil {
		r.fail(d.line, "must be an object with apiVersion, kind and metadata")
		return true
	}
	m := manifest{Unstructured: &unstructured.Unstructured{Object: object}, source: d.text, file: r.file, line: d.line}
	if !d.json {
		m.text = d.text
	}
	r.object(m, "")
	return true
}

var yamlLine = regexp.MustCompile(`^(?:error converting YAML to JSON: )?yaml: (?:unmarshal errors:\s*)?(?:line (\d+): )?`)

// syntax tells of text that is no YAML, with the file's line in place of the document's.
func (r *reader) syntax(line int, err error) {
	text := strings.Join(strings.Fields(err.Error()), " ")
	if m := yamlLine.FindStringSubmatch(text); m != nil {
		text = text[len(m[0]):]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line += n - 1
		}
	}
	r.fail(line, "no valid YAML: %s", text)
}

// object takes an object in, or those of a List; where names the item of a List.
func (r *reader) object(m manifest, where string) {
	if items, ok := m.Object["items"].([]any); ok && strings.HasSuffix(m.GetKind(), "List") {
		for i, item := range items {
			in := fmt.Sprintf("%sitems[%d]", where, i)
			object, ok := item.(map[string]any)
			if !ok {
				r.fail(m.line, "%s must be an object", in)
				continue
			}
			r.object(manifest{Unstructured: &unstructured.Unstructured{Object: object}, file: m.file, line: m.line}, in+".")
		}
		return
	}
	for _, key := range []string{"apiVersion", "kind"} {
		if text, _ := m.Object[key].(string); text == "" {
			r.fail(m.line, "%s%s is missing; every object of Kubernetes has apiVersion and kind", where, key)
			return
		}
	}
	r.out = append(r.out, m)
}
