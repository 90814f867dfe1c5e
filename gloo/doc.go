// Package gloo speaks Gloo's dialect: the part of its API that Aviary reads and writes, its translation into route's
// normal form, and the translation of a convention.Plan into objects.
//
// The types are written by hand after Gloo's proto files (v1.22) and hold only what is read. They are for reading: what
// is written back to an object of somebody else's is patched, never encoded from here, or options would be lost.
package gloo
