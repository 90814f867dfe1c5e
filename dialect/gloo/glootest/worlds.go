package glootest

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"aviary.dev/fact"
)

// World is a small world of objects with real Gloo's recorded answers.
type World struct {
	ID      string            `json:"id"`
	Class   []string          `json:"class"`
	Objects []json.RawMessage `json:"objects"`
	Gloo    Answers           `json:"gloo"`
}

// Answers are what Gloo made of a world. A route is named as "echo/echo-routes routes[0]".
type Answers struct {
	// Dropped are the routes that every parent leaves out which reaches their table, DroppedBy each single case.
	Dropped   []string `json:"dropped"`
	DroppedBy []struct {
		Route  string `json:"route"`
		Parent string `json:"parent"`
		For    string `json:"for"`
	} `json:"droppedBy"`
	UnreachedTables []string `json:"unreachedTables"`
	// Order are Envoy's routes by domain, in order; nil where Gloo kept what it had before.
	Order map[string][]EnvoyRoute `json:"order"`
	// Reached are routes that answered a request.
	Reached []string `json:"reached"`
	// Probes are requests with their answers, to domains of which something goes live.
	Probes []Probe `json:"probes"`
	// FrozenVirtualServices are those of which nothing new goes live.
	FrozenVirtualServices     []string `json:"frozenVirtualServices"`
	EnvoyConstraintViolations int      `json:"envoyConstraintViolations"`
}

// EnvoyRoute is one of Envoy's routes, by where it comes from.
type EnvoyRoute struct {
	Table          string `json:"table"`
	VirtualService string `json:"virtualService"`
	Route          int    `json:"route"`
	Matcher        int    `json:"matcher"`
}

// EachWorld calls do with every recorded world: those of the file that GLOO_WORLDS names, else of the one beside the
// repository. It skips the test where there is none.
func EachWorld(t *testing.T, do func(World)) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	name := filepath.Join(filepath.Dir(here), "../../../../shared/gloo-worlds/worlds.jsonl.gz")
	if other := os.Getenv("GLOO_WORLDS"); other != "" { //nolint:forbidigo // it serves tests only
		name = other
	}
	file, err := os.Open(name) // #nosec G304 G703 -- whoever runs the test names it
	if os.IsNotExist(err) {
		t.Skip("no recorded worlds beside the repository")
	}
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = file.Close() }()
	text, err := gzip.NewReader(file)
	if err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(text)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		var w World
		if err := json.Unmarshal(lines.Bytes(), &w); err != nil {
			t.Fatal(err)
		}
		do(w)
	}
	if err := lines.Err(); err != nil {
		t.Fatal(err)
	}
}

// Facts reads the world's objects.
func (w World) Facts(t *testing.T) []fact.Fact {
	t.Helper()
	kinds := Kinds()
	var out []fact.Fact
	for _, raw := range w.Objects {
		var o unstructured.Unstructured
		if err := o.UnmarshalJSON(raw); err != nil {
			t.Fatal(err)
		}
		read, err := kinds.Decode(o.GroupVersionKind().GroupKind(), raw)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, read)
	}
	return out
}
