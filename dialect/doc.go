// Package dialect holds the one list of kinds ([Kinds]) that everything else reads: which objects
// Aviary reads and writes, and how each becomes a fact. Kubernetes' own kinds stand here; a
// [Dialect], in a folder of its own, adds those by which routes are said, and what they mean.
//
//	JSON ──Kind.New──▶ object ──Kind.Fact──▶ fact.Fact (both in Kinds.Decode)
//	convention.Plan ──Dialect.Siblings──▶ objects to write
package dialect
