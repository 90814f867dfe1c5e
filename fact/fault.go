package fact

import "strings"

// Fault is a place at which the dialect's controllers or the gateway stumble. What others change may then not go live,
// although nothing is wrong with it.
type Fault struct {
	Kind  FaultKind
	Reach Reach
	// Field is the path in the object, Value the text that stands there, clipped to 120 bytes. Why is what is
	// wrong with it, in the words of what reads it; empty where the kind says all.
	Field, Value, Why string
	// Path: it is in the path of a matcher, which is not looked at where a parent hands down its own.
	Path bool
}

// FaultKind is what is wrong.
type FaultKind string

// The kinds.
const (
	// BadRegex: the value is no regular expression that the gateway can read. LargeRegex: it is too long to be looked at,
	// or the object has too many.
	BadRegex   FaultKind = "regex"
	LargeRegex FaultKind = "regex-size"
	// BadName: the name of a header or a query parameter.
	BadName FaultKind = "name"
	// BadStatus: the status of a direct response.
	BadStatus FaultKind = "status"
	// LargeBody: the body of a direct response. Its value is the size in bytes.
	LargeBody FaultKind = "body"
	// EmptyList: a weighted list without destinations. NoWeight: none of its weights is above 0.
	EmptyList FaultKind = "list"
	NoWeight  FaultKind = "weights"
	// ManyMatchers: a route that hands on requests has several. NoPrefix: its path is no prefix.
	ManyMatchers FaultKind = "matchers"
	NoPrefix     FaultKind = "prefix"
	// NoPath: a matcher without one, where it must have one.
	NoPath FaultKind = "path-missing"
	// BadPath: the text of a path.
	BadPath FaultKind = "path"
	// BadDuration and BadPercentage: options.
	BadDuration   FaultKind = "duration"
	BadPercentage FaultKind = "percentage"
	// BadMirror: no copy can be sent of a route's requests.
	BadMirror FaultKind = "mirror"
	// IdleMirror: the gateway answers by itself, so that there is nothing to copy.
	IdleMirror FaultKind = "mirror-idle"
	// NoNamespace: a reference without one, where none is assumed.
	NoNamespace FaultKind = "namespace"
	// EmptyDomain: a domain without text. SameDomain: one that the object has twice.
	EmptyDomain FaultKind = "domain"
	SameDomain  FaultKind = "domain-twice"
)

// Reach says whose changes a fault keeps from going live.
type Reach string

// The reaches.
const (
	// ReachAll: the gateway refuses all routes of everybody.
	ReachAll Reach = "all"
	// ReachRoot: those of all who share the root with the object, which is kept as it was.
	ReachRoot Reach = "root"
	// ReachListener: those of all roots of the listener.
	ReachListener Reach = "listener"
	// ReachKind: those of all objects of its kind, whoever leads to it, as it can't be read.
	ReachKind Reach = "kind"
	// ReachChecked: those of everybody, where the dialect's own validation refuses errors.
	ReachChecked Reach = "checked"
)

// maxFaultText bounds what is kept of a text.
const maxFaultText = 120

// Clip returns a text, shortened if it is long, that doesn't hold on to what it is a part of.
func Clip(text string) string {
	if len(text) <= maxFaultText {
		return strings.Clone(text)
	}
	return strings.ToValidUTF8(text[:maxFaultText-len("…")], "") + "…"
}
