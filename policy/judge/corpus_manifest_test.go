package judge_test

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"
)

// manifest is one file of the corpus. Its first lines are comments: what it is about, then
//
//	# shows RouteTable spec.routes[].matchers[].prefix: /echo     one of its lines; * stands for anything
//	# warned of by table-priority                                 the only rules that may warn of it
type manifest struct {
	name   string
	about  string
	shows  []string
	warned []string
	data   []byte

	documents []map[string]any
	lines     []string
}

func readManifest(file string) (*manifest, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	m := &manifest{name: strings.TrimSuffix(filepath.Base(file), ".yaml"), data: data}
	var about []string
	for line := range strings.Lines(string(data)) {
		comment, ok := strings.CutPrefix(strings.TrimSpace(line), "# ")
		if !ok {
			break
		}
		if shown, ok := strings.CutPrefix(comment, "shows "); ok {
			m.shows = append(m.shows, shown)
		} else if rules, ok := strings.CutPrefix(comment, "warned of by "); ok {
			m.warned = append(m.warned, strings.Split(rules, ", ")...)
		} else {
			about = append(about, comment)
		}
	}
	m.about = strings.Join(about, " ")
	return m, m.flatten()
}

// flatten makes the lines of a file: one for each value, "Kind path: value"; for each mapping its
// keys, "Kind path {a, b}"; for each list its length, "Kind path (2)"; and how many objects of a
// kind there are, "file Kind (2)".
func (m *manifest) flatten() error {
	kinds := map[string]int{}
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(m.data)))
	for {
		text, err := documents.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		var d map[string]any
		if err := yaml.UnmarshalStrict(text, &d); err != nil {
			return err
		}
		kind, _ := d["kind"].(string)
		kinds[kind]++
		m.documents = append(m.documents, d)
		m.add(kind+" ", d)
	}
	for kind, n := range kinds {
		m.lines = append(m.lines, fmt.Sprintf("file %s (%d)", kind, n))
	}
	slices.Sort(m.lines)
	m.lines = slices.Compact(m.lines)
	return nil
}

func (m *manifest) add(at string, value any) {
	switch v := value.(type) {
	case map[string]any:
		keys := slices.Sorted(maps.Keys(v))
		m.lines = append(m.lines, fmt.Sprintf("%s {%s}", strings.TrimSuffix(at, " "), strings.Join(keys, ", ")))
		for _, k := range keys {
			if strings.HasSuffix(at, " ") {
				m.add(at+k, v[k])
			} else {
				m.add(at+"."+k, v[k])
			}
		}
	case []any:
		m.lines = append(m.lines, fmt.Sprintf("%s (%d)", at, len(v)))
		for _, e := range v {
			m.add(at+"[]", e)
		}
	case nil:
		m.lines = append(m.lines, at+": null")
	default:
		m.lines = append(m.lines, fmt.Sprintf("%s: %v", at, v))
	}
}

// patterns are compiled once: each is tried on each manifest.
var patterns sync.Map

// has reports whether a line is as the pattern says.
func (m *manifest) has(pattern string) bool {
	compiled, ok := patterns.Load(pattern)
	if !ok {
		compiled = regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, `(?s:.*)`) + "$")
		patterns.Store(pattern, compiled)
	}
	return slices.ContainsFunc(m.lines, compiled.(*regexp.Regexp).MatchString)
}
