package judge_test

import (
	"fmt"
	"strings"
)

// named is how many other manifests a row of the table names.
const named = 6

// corpusTable is docs/corpus.md: each manifest with its feature, and which others have that feature
// too.
func corpusTable(all []*manifest) string {
	var out strings.Builder
	fmt.Fprintf(&out, `<!-- Written by go test ./policy/judge -run TestCorpusPage -update; don't edit. -->

# The corpus

%d manifests of what Gloo's API can say, one for each feature, as people write them. None of their objects is
refused when it is created, changed in nothing or audited, and only where the last column says so is one warned of.
They stand in [policy/testdata/corpus](../policy/testdata/corpus); a file's first lines say what it shows: a path in an
object with its value, its keys in {}, or its length in ().

| manifest | feature | others that have it | warned of by |
|---|---|---|---|
`, len(all))
	for _, m := range all {
		var others []string
		for _, o := range all {
			if o != m && o.hasAll(m.shows) {
				others = append(others, o.name)
			}
		}
		if more := len(others) - named; more > 0 {
			others = append(others[:named], fmt.Sprintf("and %d more", more))
		}
		fmt.Fprintf(&out, "| [%s](../policy/testdata/corpus/%s.yaml) | `%s` | %s | %s |\n",
			m.name, m.name, strings.Join(m.shows, "`<br>`"), strings.Join(others, ", "), strings.Join(m.warned, ", "))
	}
	return out.String()
}

func (m *manifest) hasAll(patterns []string) bool {
	for _, p := range patterns {
		if !m.has(p) {
			return false
		}
	}
	return true
}
