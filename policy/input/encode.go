package input

import (
	"reflect"
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Value returns the document as rules see it. It shares nothing with the document, which may be
// changed afterwards.
func (d *Document) Value() ast.Value {
	e := encoders.Get().(*encoder)
	defer e.release()
	return e.object(documentPlan, reflect.ValueOf(d).Elem()).Value
}

// encoders are kept because a document of ten routes needs hundreds of pairs.
var encoders = sync.Pool{New: func() any {
	return &encoder{shared: map[uintptr]span{}, last: make([]lastText, documentTexts)}
}}

// encoder turns one document after the other into terms.
type encoder struct {
	// pairs are those of the objects that are being made: an inner object's stand behind those of
	// the outer one.
	pairs [][2]*ast.Term
	// shared says where in kept the pairs of an embedded struct are, by its pointer: destinations
	// of a table share theirs, and it is encoded once.
	shared map[uintptr]span
	kept   [][2]*ast.Term
	// last are the latest values of the text fields: the same name often stands in one object after
	// the other.
	last []lastText
	// terms are ready to be used, allocated together.
	terms []ast.Term
}

type span struct{ from, to int }

type lastText struct {
	text string
	term *ast.Term
}

// release forgets the document.
func (e *encoder) release() {
	clear(e.kept)
	e.kept = e.kept[:0]
	clear(e.shared)
	clear(e.last)
	encoders.Put(e)
}

func (e *encoder) object(p *plan, v reflect.Value) *ast.Term {
	from := len(e.pairs)
	e.fields(p, v)
	return e.done(from)
}

// fields adds the pairs of a struct.
func (e *encoder) fields(p *plan, v reflect.Value) {
	for i := range p.fields {
		f := &p.fields[i]
		value := v.Field(f.index)
		if f.inline != nil {
			e.inline(f.inline, value)
			continue
		}
		if term := f.encode(e, value); term != nil {
			e.pairs = append(e.pairs, [2]*ast.Term{f.key, term})
		}
	}
}

// inline adds the pairs of an embedded pointer to a struct; none of nil.
func (e *encoder) inline(p *plan, v reflect.Value) {
	if v.IsNil() {
		return
	}
	at, known := e.shared[v.Pointer()]
	if !known {
		from := len(e.pairs)
		e.fields(p, v.Elem())
		at = span{len(e.kept), len(e.kept) + len(e.pairs) - from}
		e.kept = append(e.kept, e.pairs[from:]...)
		e.drop(from)
		e.shared[v.Pointer()] = at
	}
	e.pairs = append(e.pairs, e.kept[at.from:at.to]...)
}

// labels makes an object of texts.
func (e *encoder) labels(slot int, values map[string]string) *ast.Term {
	from := len(e.pairs)
	for k, v := range values {
		e.pairs = append(e.pairs, [2]*ast.Term{e.text(slot, k), e.text(slot+1, v)})
	}
	return e.done(from)
}

// text makes a term of a text. slot is the field's.
func (e *encoder) text(slot int, text string) *ast.Term {
	last := &e.last[slot]
	if last.term == nil || last.text != text {
		last.text, last.term = text, e.term(ast.InternedValue(text))
	}
	return last.term
}

// done makes an object of the pairs from there on.
func (e *encoder) done(from int) *ast.Term {
	made := ast.NewObject(e.pairs[from:]...) // which copies them
	e.drop(from)
	return e.term(made)
}

// drop takes the pairs from there on away, and with them what they hold.
func (e *encoder) drop(from int) {
	clear(e.pairs[from:])
	e.pairs = e.pairs[:from]
}

func (e *encoder) term(v ast.Value) *ast.Term {
	if len(e.terms) == 0 {
		e.terms = make([]ast.Term, 32)
	}
	term := &e.terms[0]
	e.terms = e.terms[1:]
	term.Value = v
	return term
}
