// Shape holds the code to a size and finds exported names that nothing needs:
//
//	go run ./tools/shape
//
// Files and lines may have a length, and half of the files and functions are to stay below another,
// in the module and in e2e.
//
// An exported name of the module must be used in another package, where tests of other packages and
// all of e2e count. Never looked at are methods by which a type implements an interface, embedded
// fields, fields with a tag, fields of errors, and fields of what is handed to a package that reads
// or writes them by name, as encoding/json and go-cmp do. Values of an enumeration are in use with
// their type; constants or variables that one declaration makes as a group are with any of them.
//
// Each line of the output is a place and what is wrong there; if there is one, it exits with 1.
package main
