// Package odd writes objects in odd but legal YAML and JSON, in which kubectl reads the same objects. It is for tests
// only. A seed decides on all forms:
//
//	&a0                        an anchor
//	"k\x69nd": List            escapes
//	? items                    a key of its own
//	: - {<<: *a1, kind: A, }   a merge key, a flow mapping, a comma at its end
//	  - *a2                    an alias for a whole object
//	...
//	--- # a comment
//
// folder.go makes files of objects, document.go Lists; block.go, flow.go, scalar.go and text.go write YAML, share.go
// its anchors, json.go JSON, encode.go ends of lines and encodings.
package odd
