package main

import (
	"aviary.dev/convention"
	"aviary.dev/dialect"
	"aviary.dev/dialect/gloo"
)

// newKinds makes the list of kinds, with the keys of labels that Aviary in the cluster has.
func newKinds(keys convention.LabelKeys) *dialect.Kinds {
	return dialect.NewKinds(keys, gloo.Dialect{})
}
