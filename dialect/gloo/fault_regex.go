package gloo

import (
	"errors"
	"fmt"
	"regexp/syntax"

	"aviary.dev/fact"
	"aviary.dev/route"
)

// Bounds on what is parsed: of one expression in bytes, and of all that an object has, in what they cost.
const (
	maxRegex   = 4 << 10
	maxRegexes = 64 << 10
)

// regexes are the distinct expressions of an object that were parsed, and what they cost.
type regexes struct {
	seen map[string]string
	cost int
}

// regex looks at an expression, as RE2 reads it. At is where it stands.
func (f *faults) regex(text string, reach fact.Reach, at func() string) {
	switch {
	case text == "":
		f.add(fact.BadRegex, reach, at(), "", "it is empty")
	case len(text) > maxRegex:
		f.add(fact.LargeRegex, reach, at(), text, fmt.Sprintf("has %d bytes, must have at most %d", len(text), maxRegex))
	case route.Plain(text):
	default:
		why, ok := f.regexes.parse(text)
		if !ok {
			f.add(fact.LargeRegex, reach, at(), text, "comes after too many that are long or have large classes")
		} else if why != "" {
			f.add(fact.BadRegex, reach, at(), text, why)
		}
	}
}

// parse says what is wrong with an expression; false if the object has too many.
func (r *regexes) parse(text string) (why string, ok bool) {
	if why, ok = r.seen[text]; ok {
		return why, true
	}
	if r.cost += route.CostOfRegex(text); r.cost > maxRegexes {
		return "", false
	}
	if r.seen == nil {
		r.seen = map[string]string{}
	}
	if _, err := syntax.Parse(text, syntax.Perl); err != nil {
		why = "can't be read"
		if e := (*syntax.Error)(nil); errors.As(err, &e) {
			why = string(e.Code)
		}
	}
	r.seen[text] = why
	return why, true
}
