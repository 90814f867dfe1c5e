package judge_test

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	utilyaml "k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/yaml"

	"aviary.dev/convention"
	"aviary.dev/inventory"
	"aviary.dev/policy"
	"aviary.dev/policy/judge"
)

var update = flag.Bool("update", false, "rewrite findings.txt of the stories")

// TestStories runs the rules' stories: whole manifests, and the findings that they must lead to, of all rules together.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("../rules/*/testdata/*.txtar")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	config := policy.DefaultConfig()
	config.Defaults.APIGroup = "example"
	j := judgeOf(t, config)
	for _, file := range files {
		name := filepath.Base(filepath.Dir(filepath.Dir(file))) + "/" + strings.TrimSuffix(filepath.Base(file), ".txtar")
		t.Run(name, func(t *testing.T) { tell(t, j, file) })
	}
}

func judgeOf(t *testing.T, config policy.Config) *judge.Judge {
	t.Helper()
	engine, err := policy.New(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return judge.New(engine, config.Settings(convention.DefaultLabelKeys()))
}

func tell(t *testing.T, j *judge.Judge, file string) {
	archive, err := txtar.ParseFile(file)
	if err != nil {
		t.Fatal(err)
	}
	store, request, want := inventory.NewStore(), judge.Request{Operation: judge.Audit}, -1
	for i, f := range archive.Files {
		switch f.Name {
		case "config.yaml":
			config, err := policy.ParseConfig(f.Data)
			if err != nil {
				t.Fatal(err)
			}
			j = judgeOf(t, config)
		case "objects.yaml":
			for _, fact := range decode(t, f.Data) {
				store.Put(fact)
			}
		case "old.yaml":
			request.Old = decode(t, f.Data)[0]
			store.Put(request.Old)
		case "request.yaml":
			request.New = decode(t, f.Data)[0]
		case "author.txt":
			request.User, request.May = author(string(f.Data))
		case "findings.txt":
			want = i
		default:
			t.Fatalf("a story has config.yaml, objects.yaml, old.yaml, request.yaml, author.txt and findings.txt, not %s", f.Name)
		}
	}
	if want < 0 {
		t.Fatal("findings.txt is missing")
	}
	switch {
	case request.New == nil:
		request.Operation = judge.Delete
	case request.Old == nil:
		request.Operation = judge.Create
	default:
		request.Operation = judge.Update
	}
	findings, err := j.Judge(t.Context(), request, store)
	if err != nil {
		t.Fatal(err)
	}
	var got strings.Builder
	for _, f := range findings {
		got.WriteString(f.Mode.String() + " " + f.String() + "\n")
	}
	if *update {
		archive.Files[want].Data = []byte(got.String())
		if err := os.WriteFile(file, txtar.Format(archive), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(string(archive.Files[want].Data), got.String()); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// author reads who asks, and below a line for each right, as "create services".
func author(text string) (string, func(context.Context, string, schema.GroupKind) (bool, error)) {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[0], func(_ context.Context, verb string, kind schema.GroupKind) (bool, error) {
		return slices.Contains(lines[1:], verb+" "+kind.String()), nil
	}
}

func decode(t *testing.T, data []byte) []inventory.Fact {
	t.Helper()
	var out []inventory.Fact
	documents := utilyaml.NewYAMLReader(bufio.NewReader(bytes.NewReader(data)))
	for {
		document, err := documents.Read()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		raw, err := yaml.YAMLToJSON(document)
		if err != nil {
			t.Fatal(err)
		}
		var kind metav1.TypeMeta
		if err := yaml.Unmarshal(document, &kind); err != nil {
			t.Fatal(err)
		}
		gv, err := schema.ParseGroupVersion(kind.APIVersion)
		if err != nil {
			t.Fatal(err)
		}
		fact, err := inventory.Decode(schema.GroupKind{Group: gv.Group, Kind: kind.Kind}, raw, convention.DefaultLabelKeys())
		if err != nil {
			t.Fatal(err)
		}
		if fact == nil {
			t.Fatalf("no facts are kept of %s %s", kind.APIVersion, kind.Kind)
		}
		out = append(out, fact)
	}
}
