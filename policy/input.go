package policy

import (
	"sync"

	"github.com/open-policy-agent/opa/v1/ast"
)

// Builder makes the objects of an input document cheaply: it holds a term for each key of the document, made once.
// It is immutable and safe for concurrent use. Keep one per process.
type Builder struct {
	keys    map[string]*ast.Term
	objects sync.Pool
}

// NewBuilder returns a builder that knows the keys of the input document (README.md).
func NewBuilder() *Builder {
	names := []string{
		"after", "agree", "ahead", "allowed", "apiGroup", "app", "author", "available", "before", "by", "byLabel", "canaries",
		"carriedAll", "carrier", "change", "choices", "claims", "compatible", "configures", "declared", "delegated",
		"deployed", "deployment", "destinations", "destinationsField", "dropped", "duplicates", "enums", "exists", "field",
		"fix", "foreign", "from", "fromAvailable", "goingBack", "hadRoute", "implicit", "into", "keys", "kind", "kube",
		"label", "labels", "lacks", "lastVersion", "lead", "lost", "meant", "message", "methods", "misfits", "more",
		"name", "names", "namespace", "object", "obstacles", "of", "operation", "order", "other", "others", "ours", "path",
		"primary", "problems", "promotion", "receives", "relation", "replicas", "rest", "rises", "role", "routes", "scaled",
		"selectedAfter", "selectedBefore", "selector", "selectors", "selfService", "serves", "service", "set", "settled",
		"severity", "shadows", "share", "shareBefore", "siblings", "split", "state", "stated", "stranded", "subset",
		"subsetKeys", "subsets", "sum", "switchOff", "table", "targetPort", "template", "theirs", "to", "toAvailable",
		"unchecked", "under", "unknown", "unnamed", "upstream", "upstreams", "used", "user", "users", "value", "version", "versions",
		"waiting", "want", "weight", "weightSum", "weighted", "when",
	}
	b := &Builder{keys: make(map[string]*ast.Term, len(names))}
	for _, name := range names {
		b.keys[name] = ast.StringTerm(name)
	}
	return b
}

// Object starts an object.
func (b *Builder) Object() *Object {
	if o, ok := b.objects.Get().(*Object); ok {
		return o
	}
	return &Object{builder: b}
}

// Object is one object in the making. Each method adds a key, which must be new; what is not added is absent.
type Object struct {
	builder *Builder
	items   [][2]*ast.Term
}

// String adds a text.
func (o *Object) String(key, value string) { o.Term(key, ast.InternedTerm(value)) }

// Bool adds true or false.
func (o *Object) Bool(key string, value bool) { o.Term(key, ast.InternedTerm(value)) }

// Int adds a whole number.
func (o *Object) Int(key string, value int) { o.Term(key, ast.InternedTerm(value)) }

// Strings adds an array of texts, in the order given; none is an empty array.
func (o *Object) Strings(key string, values []string) {
	terms := make([]*ast.Term, len(values))
	for i, v := range values {
		terms[i] = ast.InternedTerm(v)
	}
	o.Array(key, terms)
}

// Labels adds an object of texts; none is an empty object.
func (o *Object) Labels(key string, values map[string]string) {
	labels := o.builder.Object()
	for k, v := range values {
		labels.String(k, v)
	}
	o.Term(key, labels.Done())
}

// Array adds an array of terms, as [Object.Done] gives them.
func (o *Object) Array(key string, values []*ast.Term) { o.Term(key, ast.ArrayTerm(values...)) }

// Term adds any term.
func (o *Object) Term(key string, value *ast.Term) {
	o.items = append(o.items, [2]*ast.Term{o.builder.key(key), value})
}

// Done gives the object as a term; its Value is what [Engine.Evaluate] takes. The Object may not be used any more.
func (o *Object) Done() *ast.Term {
	done := ast.ObjectTerm(o.items...) // which copies them
	clear(o.items)
	o.items = o.items[:0]
	o.builder.objects.Put(o)
	return done
}

func (b *Builder) key(name string) *ast.Term {
	if term, ok := b.keys[name]; ok {
		return term
	}
	return ast.StringTerm(name)
}
