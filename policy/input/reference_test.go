package input

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"iter"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// reference writes the keys of the document as an indented list, with their types and the comments
// that the structs have.
type reference struct {
	structs map[string]*ast.StructType
	docs    map[string]string
	// loose are the comments of a struct that belong to no field: headings.
	loose map[string][]*ast.CommentGroup
	out   strings.Builder
}

// readStructs reads the source of this package.
func readStructs(t *testing.T) *reference {
	t.Helper()
	r := &reference{
		structs: map[string]*ast.StructType{}, docs: map[string]string{}, loose: map[string][]*ast.CommentGroup{},
	}
	for _, name := range []string{"document.go", "fault.go", "deployment.go", "change.go"} {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, d := range file.Decls {
			decl, _ := d.(*ast.GenDecl)
			for _, spec := range decl.Specs {
				if s, ok := spec.(*ast.TypeSpec); ok {
					r.add(s.Name.Name, decl.Doc.Text(), s.Type.(*ast.StructType), file.Comments)
				}
			}
		}
	}
	return r
}

func (r *reference) add(name, doc string, s *ast.StructType, comments []*ast.CommentGroup) {
	r.structs[name], r.docs[name] = s, doc
	for _, c := range comments {
		ofField := func(f *ast.Field) bool { return f.Doc == c || f.Comment == c }
		if s.Pos() < c.Pos() && c.End() < s.End() && !slices.ContainsFunc(s.Fields.List, ofField) {
			r.loose[name] = append(r.loose[name], c)
		}
	}
}

// keys writes the keys of a struct. first stands before the first line: "- " for an element of a
// list.
func (r *reference) keys(t reflect.Type, indent, first string) {
	headings := r.loose[t.Name()]
	rest := strings.Repeat(" ", len(first))
	for i, field := range r.structs[t.Name()].Fields.List {
		for ; len(headings) > 0 && headings[0].Pos() < field.Pos(); headings = headings[1:] {
			fmt.Fprintf(&r.out, "\n%s# %s\n\n", indent, strings.TrimSpace(headings[0].Text()))
		}
		here := indent + rest
		if i == 0 {
			here = indent + first
		}
		goField := t.Field(i)
		if goField.Anonymous {
			r.keys(goField.Type.Elem(), indent+rest, "")
			continue
		}
		if text := r.inKeys(t, field.Doc.Text()); text != "" {
			for n, line := range wrap(text, 98-len(here)) {
				if n > 0 {
					here = indent + rest
				}
				fmt.Fprintf(&r.out, "%s# %s\n", here, line)
			}
			here = indent + rest
		}
		r.key(goField, here)
	}
}

// key writes one key, and those beneath it.
func (r *reference) key(field reflect.StructField, here string) {
	name, optional := tagOf(field)
	word, of := describe(field.Type)
	may := ""
	if optional {
		may = ", or absent"
	}
	fmt.Fprintf(&r.out, "%s%s: %s%s\n", here, name, word, may)
	under := strings.Repeat(" ", len(here)) + "  "
	switch {
	case of != nil && word == "a list":
		r.keys(of, under, "- ")
	case of != nil:
		r.keys(of, under, "")
	}
}

// describe words a type, and returns the struct that it is, or is a list of; nil for none.
func describe(t reflect.Type) (word string, of reflect.Type) {
	switch {
	case t == reflect.TypeFor[Int](), t.Kind() == reflect.Int:
		return "a whole number", nil
	case t.Kind() == reflect.String:
		return "a text", nil
	case t.Kind() == reflect.Bool:
		return "true or false", nil
	case t.Kind() == reflect.Map:
		return "a mapping of texts", nil
	case t.Kind() == reflect.Struct:
		return "a mapping", t
	case t.Kind() == reflect.Pointer:
		return describe(t.Elem())
	case t.Elem().Kind() == reflect.Struct:
		return "a list", t.Elem()
	case t.Elem().Kind() == reflect.Slice:
		return "a list of lists of texts", nil
	}
	return "a list of texts", nil
}

// structsOf iterates over the structs that the keys of a struct lead to.
func structsOf(t reflect.Type) iter.Seq[reflect.Type] {
	found := map[reflect.Type]bool{}
	var add func(reflect.Type)
	add = func(t reflect.Type) {
		for field := range fieldsOf(t) {
			if _, of := describe(field.Type); of != nil && !found[of] {
				found[of] = true
				add(of)
			}
		}
	}
	add(t)
	return maps.Keys(found)
}

var word = regexp.MustCompile(`[A-Za-z]+`)

// inKeys puts keys in the place of the names of the struct's fields: `from`.
func (r *reference) inKeys(t reflect.Type, comment string) string {
	names := map[string]string{}
	for field := range fieldsOf(t) {
		key, _ := tagOf(field)
		names[field.Name] = "`" + key + "`"
	}
	text := strings.Join(strings.Fields(comment), " ")
	return word.ReplaceAllStringFunc(text, func(w string) string { return cmp.Or(names[w], w) })
}

// wrap breaks a text into lines of a width.
func wrap(text string, width int) (lines []string) {
	for w := range strings.FieldsSeq(text) {
		if last := len(lines) - 1; last >= 0 && len(lines[last])+1+len(w) <= width {
			lines[last] += " " + w
			continue
		}
		lines = append(lines, w)
	}
	return lines
}
