// Package glootest hands Gloo's dialect to tests of packages that know no dialect.
package glootest

import (
	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
)

// Kinds returns the list of kinds with the usual label keys.
func Kinds() *dialect.Kinds { return dialect.NewKinds(convention.DefaultLabelKeys(), gloo.Dialect{}) }
