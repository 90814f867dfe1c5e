// Package inventory knows what exists: the same questions ([Reader]) asked of watches ([Store]), of a live cluster
// ([Live]), or of either as it would be after a change ([Overlay]). Answers are facts: small values that hold what the
// rules and the plan need of an object and nothing else, so that a large cluster fits in little memory.
package inventory
