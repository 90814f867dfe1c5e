package dialect

import (
	"errors"
	"fmt"
	"math"
	"strings"

	jsonv2 "github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

// Explain words a decoder's error for people who write manifests: the field, what it is and what it
// must be. It is the one wording at admission, in audits and in expand.
func Explain(err error) error {
	bad, ok := errors.AsType[*jsonv2.SemanticError](err)
	if !ok {
		return err
	}
	var path []string
	for token := range bad.JSONPointer.Tokens() {
		path = append(path, token)
	}
	is := words[bad.JSONKind]
	if bad.JSONKind == '0' && whole(string(bad.JSONValue)) {
		is = string(bad.JSONValue)
	}
	if is == "" {
		is = "something else"
	}
	return &ValueError{Field: fieldOf(path), Is: is, Must: must(bad), Pointer: bad.JSONPointer}
}

// ValueError is a value of the wrong type.
type ValueError struct {
	// Field is the path in the object; Is and Must are what the value is and must be, in words.
	Field, Is, Must string
	// Pointer is the same path, as JSON has it.
	Pointer jsontext.Pointer
}

// inQuotes is what a value must be that YAML takes for a number, or for true or false.
const inQuotes = "text; write it in quotes"

// Meant returns the value that is meant, in JSON: a number, true or false where text must be, in
// quotes, and text that is one of these without them. It is false for all else.
func (e *ValueError) Meant(value jsontext.Value) (jsontext.Value, bool) {
	switch kind := value.Kind(); {
	case e.Must == inQuotes && (kind == '0' || kind == 't' || kind == 'f'):
		return jsontext.Value(`"` + string(value) + `"`), true
	case kind != '"':
		return nil, false
	}
	inner := value[1 : len(value)-1]
	switch kind := inner.Kind(); {
	case kind == '0' && strings.HasPrefix(e.Must, wholeNumber) && whole(string(inner)),
		kind == '0' && e.Must == anyNumber && inner.IsValid(),
		(string(inner) == "true" || string(inner) == "false") && e.Must == trueOrFalse:
		return inner, true
	}
	return nil, false
}

const (
	wholeNumber = "a whole number"
	anyNumber   = "a number"
	trueOrFalse = "true or false"
)

// Finding words the error as a message and what to do about it.
func (e *ValueError) Finding() (message, fix string) {
	must, fix, found := strings.Cut(e.Must, "; ")
	switch {
	case found:
	case e.Is == words['"'] && (strings.HasPrefix(must, wholeNumber) || must == anyNumber || must == trueOrFalse):
		fix = "write " + must + ", without quotes"
	case must == "of another kind":
		fix = "kubectl explain tells what belongs there"
	default:
		fix = "write " + must
	}
	return fmt.Sprintf("is %s, must be %s", e.Is, must), fix
}

func (e *ValueError) Error() string {
	return fmt.Sprintf("%s: is %s, must be %s", e.Field, e.Is, e.Must)
}

var words = map[jsontext.Kind]string{
	'n': "empty", 'f': "false", 't': "true", '"': "text", '0': "a number", '{': "a mapping", '[': "a list",
}

// fieldOf writes a JSON pointer as a field path: indexes and the keys of labels and annotations in
// brackets.
func fieldOf(path []string) string {
	var b strings.Builder
	for i, step := range path {
		number := step != "" && strings.Trim(step, "0123456789") == ""
		switch {
		case number || strings.ContainsAny(step, "./"):
			b.WriteString("[" + step + "]")
		case i > 0:
			b.WriteString("." + step)
		default:
			b.WriteString(step)
		}
	}
	return b.String()
}

func must(bad *jsonv2.SemanticError) string {
	if bad.GoType == nil {
		return "of another kind"
	}
	switch kind := bad.GoType.Kind().String(); {
	case kind == "string":
		return inQuotes
	case strings.HasPrefix(kind, "int") && whole(string(bad.JSONValue)):
		top := uint64(math.MaxInt64) >> (64 - bad.GoType.Bits())
		return fmt.Sprintf("a whole number from -%d to %d", top+1, top)
	case strings.HasPrefix(kind, "uint") && whole(string(bad.JSONValue)):
		return fmt.Sprintf("a whole number from 0 to %d", uint64(math.MaxUint64)>>(64-bad.GoType.Bits()))
	case strings.HasPrefix(kind, "int"), strings.HasPrefix(kind, "uint"):
		return wholeNumber
	case strings.HasPrefix(kind, "float"):
		return anyNumber
	case kind == "bool":
		return trueOrFalse
	case kind == "slice":
		return "a list"
	case kind == "map", kind == "struct", kind == "ptr":
		return "a mapping"
	}
	return "of another kind"
}

// maxDigits bounds the numbers that a message repeats.
const maxDigits = 40

// whole reports whether the text is a whole number, so that what is wrong with it is its size.
func whole(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	return digits != "" && len(digits) <= maxDigits && strings.Trim(digits, "0123456789") == ""
}
