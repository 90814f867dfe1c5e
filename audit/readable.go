package audit

import (
	_ "embed"

	"aviary.dev/dialect"
	"aviary.dev/policy"
)

//go:embed readable.md
var readablePage string

// Readable describes what an audit of files finds before any rule: a value of the wrong type. The API
// server, or Aviary's webhook, refuses the whole object for it, so nothing lowers its mode.
func Readable() policy.Rule {
	return policy.Rule{
		ID: "readable", Title: "Values have the type that their fields ask for", Mode: policy.ModeDeny, Page: readablePage,
		Description: "Files are audited only. A value of another type than its field asks for, such as an annotation that " +
			"is a number, keeps the whole object from being read: the API server answers 400.",
	}
}

// unreadable makes a finding of a value of the wrong type.
func (o object) unreadable(bad *dialect.ValueError) Finding {
	message, fix := bad.Finding()
	rule := Readable()
	return o.finding(policy.Finding{Rule: rule.ID, Mode: rule.Mode, Field: bad.Field, Message: message, Fix: fix})
}
