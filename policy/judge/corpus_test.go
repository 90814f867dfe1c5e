package judge_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"aviary.dev/convention"
	"aviary.dev/dialect/gloo/glootest"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
	"aviary.dev/policy/judge/story"
)

const corpusPage = "../../docs/corpus.md"

// TestCorpus judges manifests of everything that Gloo's API can say, as people write them: none may
// be refused. Each object of a file is created, changed in nothing and audited, beside the file's
// others.
func TestCorpus(t *testing.T) {
	t.Parallel()
	engine, err := story.Engine(t.Context(), story.Config())
	if err != nil {
		t.Fatal(err)
	}
	j := judge.New(engine, story.Config().Settings(convention.DefaultLabelKeys()), glootest.Kinds())
	for _, m := range corpus(t) {
		t.Run(m.name, func(t *testing.T) {
			t.Parallel()
			facts, err := story.Facts(m.data, glootest.Kinds())
			if err != nil {
				t.Fatal(err)
			}
			store := inventory.NewStore()
			for _, f := range facts {
				store.Put(f)
			}
			var warned []string
			for _, f := range facts {
				for _, r := range []judge.Request{
					{Operation: judge.Create, New: f}, {Operation: judge.Update, Old: f, New: f}, {Operation: judge.Audit, New: f},
				} {
					warned = append(warned, tolerate(t, j, m, r, store)...)
				}
			}
			for _, rule := range m.warned {
				if !slices.Contains(warned, rule) {
					t.Errorf("%s does not warn of it", rule)
				}
			}
		})
	}
}

// tolerate fails on what refuses the request, and on what warns of it unless the manifest says so.
// It returns the rules that warned.
func tolerate(t *testing.T, j *judge.Judge, m *manifest, r judge.Request, store *inventory.Store) []string {
	t.Helper()
	findings, err := j.Decide(t.Context(), r, store)
	if err != nil {
		t.Fatal(err)
	}
	var warned []string
	for _, f := range findings {
		warned = append(warned, f.Rule)
		if f.Mode == policy.ModeDeny || f.Mode == policy.ModeWarn && !slices.Contains(m.warned, f.Rule) {
			id := r.New.Identity()
			t.Errorf("%s of %s %s: %s %s", r.Operation, id.Kind, id.Ref, f.Mode, f)
		}
	}
	return warned
}

// TestCorpusFeatures holds each manifest to the feature that it is there for, and no two to the
// same.
func TestCorpusFeatures(t *testing.T) {
	t.Parallel()
	all := corpus(t)
	if len(all) < 170 {
		t.Errorf("the corpus holds %d manifests, must hold 170", len(all))
	}
	shown := map[string]string{}
	for _, m := range all {
		if len(m.shows) == 0 {
			t.Errorf("%s: no line says what it shows", m.name)
		}
		for _, pattern := range m.shows {
			if !m.has(pattern) {
				t.Errorf("%s: shows nothing like %q; it has\n%s", m.name, pattern, strings.Join(m.lines, "\n"))
			}
		}
		key := strings.Join(m.shows, "\n")
		if other, ok := shown[key]; ok {
			t.Errorf("%s shows the same as %s", m.name, other)
		}
		shown[key] = m.name
	}
}

// TestCorpusIsKeptWhole finds what the API server would prune or refuse, such as a field with a
// typing error.
func TestCorpusIsKeptWhole(t *testing.T) {
	t.Parallel()
	t.Run("stand-ins", func(t *testing.T) { keptWhole(t, schemasIn(t, standIns)) })
	t.Run("gloo", func(t *testing.T) {
		schemas := schemasIn(t, glooCRDs)
		if len(schemas) == 0 {
			t.Skip("Gloo's own CRDs are not here: only the stand-ins were tried")
		}
		keptWhole(t, schemas)
	})
}

func keptWhole(t *testing.T, schemas map[string]schema) {
	t.Helper()
	if len(schemas) == 0 {
		t.Fatal("no CRDs")
	}
	for _, m := range corpus(t) {
		for _, d := range m.documents {
			kind, _ := d["kind"].(string)
			schema, ok := schemas[kind]
			if !ok {
				continue // the API server's own kinds
			}
			for _, every := range []string{"apiVersion", "kind", "metadata"} {
				delete(d, every)
			}
			for _, wrong := range unfit(schema, d, kind) {
				t.Errorf("%s: %s", m.name, wrong)
			}
		}
	}
}

// TestCorpusPage keeps docs/corpus.md equal to what is there; -update rewrites it.
func TestCorpusPage(t *testing.T) {
	t.Parallel()
	page := corpusTable(corpus(t))
	if *update {
		if err := os.WriteFile(corpusPage, []byte(page), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	is, err := os.ReadFile(corpusPage)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(is), page); diff != "" {
		t.Errorf("%s is out of date; -update rewrites it (-is +must be):\n%s", corpusPage, diff)
	}
}

func corpus(t *testing.T) []*manifest {
	t.Helper()
	files, err := filepath.Glob("../testdata/corpus/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no corpus: %v", err)
	}
	var out []*manifest
	for _, file := range files {
		m, err := readManifest(file)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		out = append(out, m)
	}
	return out
}
