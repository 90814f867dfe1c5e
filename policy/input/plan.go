package input

import (
	"fmt"
	"iter"
	"reflect"
	"strings"

	"github.com/open-policy-agent/opa/v1/ast"
)

// plan says how the structs of one type are encoded. It is made once.
type plan struct {
	fields []fieldPlan
}

type fieldPlan struct {
	index int
	key   *ast.Term
	// encode returns nil for a value that is left out.
	encode encode
	// inline is the plan of an embedded pointer, whose keys stand among those of the struct; nil
	// for other fields.
	inline *plan
}

type encode func(*encoder, reflect.Value) *ast.Term

var documentPlan, documentTexts = func() (*plan, int) {
	var p planner
	return p.structs(reflect.TypeFor[Document]()), p.texts
}()

// planner makes plans. It counts the fields that hold texts.
type planner struct {
	texts int
}

func (p *planner) structs(t reflect.Type) *plan {
	made := &plan{}
	for i := range t.NumField() {
		field := t.Field(i)
		if field.Anonymous {
			made.fields = append(made.fields, fieldPlan{index: i, inline: p.structs(field.Type.Elem())})
			continue
		}
		key, optional := tagOf(field)
		value := p.values(field.Type)
		if optional {
			value = unlessEmpty(field.Type, value)
		}
		made.fields = append(made.fields, fieldPlan{index: i, key: ast.StringTerm(key), encode: value})
	}
	return made
}

// values returns how a value of the type becomes a term. A type that no document has is a mistake
// in this package.
func (p *planner) values(t reflect.Type) encode {
	switch t {
	case reflect.TypeFor[Int]():
		return func(_ *encoder, v reflect.Value) *ast.Term { return ast.InternedTerm(v.Addr().Interface().(*Int).N) }
	case reflect.TypeFor[map[string]string]():
		slot := p.slots(2)
		return func(e *encoder, v reflect.Value) *ast.Term { return e.labels(slot, v.Interface().(map[string]string)) }
	}
	switch t.Kind() {
	case reflect.String:
		slot := p.slots(1)
		return func(e *encoder, v reflect.Value) *ast.Term { return e.text(slot, v.String()) }
	case reflect.Bool:
		return func(_ *encoder, v reflect.Value) *ast.Term { return ast.InternedTerm(v.Bool()) }
	case reflect.Int:
		return func(_ *encoder, v reflect.Value) *ast.Term { return ast.InternedTerm(int(v.Int())) }
	case reflect.Pointer:
		to := p.values(t.Elem())
		return func(e *encoder, v reflect.Value) *ast.Term { return to(e, v.Elem()) }
	case reflect.Slice:
		of := p.values(t.Elem())
		return func(e *encoder, v reflect.Value) *ast.Term {
			terms := make([]*ast.Term, v.Len())
			for i := range terms {
				terms[i] = of(e, v.Index(i))
			}
			return e.term(ast.NewArray(terms...))
		}
	case reflect.Struct:
		of := p.structs(t)
		return func(e *encoder, v reflect.Value) *ast.Term { return e.object(of, v) }
	default:
		panic(fmt.Sprintf("the input document can't have a %s", t))
	}
}

// slots reserves places in [encoder.last].
func (p *planner) slots(n int) int {
	p.texts += n
	return p.texts - n
}

// unlessEmpty leaves out what omitempty and omitzero leave out of JSON.
func unlessEmpty(t reflect.Type, value encode) encode {
	empty := reflect.Value.IsZero
	if kind := t.Kind(); kind == reflect.Slice || kind == reflect.Map {
		empty = func(v reflect.Value) bool { return v.Len() == 0 }
	}
	return func(e *encoder, v reflect.Value) *ast.Term {
		if empty(v) {
			return nil
		}
		return value(e, v)
	}
}

// tagOf reads a field's json tag: its key, and whether an empty value is left out.
func tagOf(field reflect.StructField) (key string, optional bool) {
	key, options, _ := strings.Cut(field.Tag.Get("json"), ",")
	return key, options == "omitempty" || options == "omitzero"
}

// fieldsOf iterates over the fields of a struct and, in their place, those of embedded ones.
func fieldsOf(t reflect.Type) iter.Seq[reflect.StructField] {
	return func(yield func(reflect.StructField) bool) {
		for field := range t.Fields() {
			if !field.Anonymous {
				if !yield(field) {
					return
				}
				continue
			}
			for inner := range fieldsOf(field.Type.Elem()) {
				if !yield(inner) {
					return
				}
			}
		}
	}
}
