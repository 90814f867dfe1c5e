package convention

import "github.com/agnivade/levenshtein"

// Nearest returns the candidate that takes the fewest edits to reach from word, or "" if none is near: a third of the
// letters may be wrong.
func Nearest(word string, candidates []string) string {
	best, found := 1+len(word)/3, ""
	for _, c := range candidates {
		if d := levenshtein.ComputeDistance(word, c); d < best {
			best, found = d, c
		}
	}
	return found
}
