package convention

// Nearest returns the candidate that takes the fewest edits to reach from word, or "" if none is near: a third of the
// letters may be wrong.
func Nearest(word string, candidates []string) string {
	best, found := 1+len(word)/3, ""
	for _, c := range candidates {
		if d := edits(word, c); d < best {
			best, found = d, c
		}
	}
	return found
}

// edits counts the letters to add, remove or replace, and the neighbours to swap, that make one word the other.
func edits(word, other string) int {
	a, b := []rune(word), []rune(other)
	var before []int
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		next := make([]int, len(row))
		next[0] = i + 1
		for j := range b {
			next[j+1] = min(next[j]+1, row[j+1]+1, row[j]+differ(a[i], b[j]))
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(b)]
}

func differ(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
