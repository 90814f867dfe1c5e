// Package input is the document that rules see, as Go structs: the one place that says which keys
// there are. One encoder turns them into OPA's values ([Document.Value]); the JSON schema, against
// which all rules are compiled ([Schema]), and the reference in policy/README.md come from them.
package input

import "encoding/json"

// Int is a whole number that may be absent.
type Int struct {
	N   int
	Set bool
}

// Some returns a number that is there.
func Some(n int) Int { return Int{n, true} }

// IsZero reports whether it is absent.
func (i Int) IsZero() bool { return !i.Set }

// MarshalJSON writes the number.
func (i Int) MarshalJSON() ([]byte, error) { return json.Marshal(i.N) }

// UnmarshalJSON reads a number.
func (i *Int) UnmarshalJSON(text []byte) error {
	i.Set = true
	return json.Unmarshal(text, &i.N)
}

var yes, no = true, false

// Bool returns a pointer to a value that nobody writes to.
func Bool(b bool) *bool {
	if b {
		return &yes
	}
	return &no
}
