// Package inventory knows what exists: the same questions ([fact.Reader]) asked of watches ([Store]), of a live cluster
// ([Live]), or of either as it would be after a change ([Overlay]). It reads the list of kinds and knows no dialect.
//
//	objects ──dialect.Kind.Fact──▶ facts ──Store or Live──▶ fact.Reader ──Overlay──▶ fact.Reader after a change
package inventory
